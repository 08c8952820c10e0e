import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { asyncApi, jsonSchemas } from '../schema/index'
import { run } from './terminal.test-kit'

const folder = mkdtempSync(join(tmpdir(), 'progress-protocol-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const printed = JSON.stringify(jsonSchemas())
const old = file('old.json', printed)

describe('finds', () => {
  it('nothing between equal documents, of either form', async () => {
    const nothing = { code: 0, out: 'no breaking change\n', err: '' }
    expect(await run(['diff', old, old])).toEqual(nothing)
    const other = file('asyncapi.json', `\ufeff${JSON.stringify(asyncApi(), null, 2)}\r\n`)
    expect(await run(['diff', old, other])).toEqual(nothing)
    expect(await run(['diff', other, '-'], [printed.slice(0, 99), printed.slice(99)])).toEqual(nothing)
  })

  it('what was added', async () => {
    const changed = jsonSchemas()
    const wider = { ...changed, 'progress-new': changed['progress-gone'] }
    expect(await run(['diff', old, file('wider.json', JSON.stringify(wider))])).toEqual({
      code: 0,
      out: 'added: progress-new: a new message\nno breaking change\n',
      err: '',
    })
  })

  it('what breaks, one change a line', async () => {
    const { 'progress-gone': gone, ...others } = jsonSchemas()
    const narrower = JSON.stringify({ ...others, 'progress-\u001bnew': gone }).replace('"quiet"', '"silent"')
    const { code, out } = await run(['diff', old, file('narrower.json', narrower)])
    expect(code).toBe(1)
    expect(out.split('\n')).toEqual([
      'breaking: progress-status: (status=active).worker: the value "quiet" was removed',
      'breaking: progress-status: (status=active).worker: the value "silent" was added',
      'breaking: progress-gone: this message was removed',
      'added: progress-\\u{1b}new: a new message',
      '',
    ])
  })
})

describe('cannot read', () => {
  const missing = join(folder, 'missing.json')
  it.each([
    ['a file that is not there', missing, `cannot read ${missing}: there is no such file`],
    ['a folder', folder, `cannot read ${folder}: it is a directory`],
    ['what is not JSON', file('broken.json', '{'), `${join(folder, 'broken.json')} is not JSON`],
    ['nothing at all', file('empty.json', ''), `${join(folder, 'empty.json')} is not JSON`],
    ['another document', file('other.json', '{"a":1}'), 'The new document cannot be read: "a" is no JSON Schema'],
    ['a deep pile', file('deep.json', pile(20_000)), 'Maximum call stack size exceeded'],
  ])('%s', async (_what, path, sentence) => {
    const { code, out, err } = await run(['diff', old, path])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`progress-protocol: ${sentence}`)
    expect(err.trimEnd()).not.toContain('\n')
  })
})

function pile(depth: number): string {
  return `{"progress-gone":{"$schema":"x","not":${'{"not":'.repeat(depth)}{}${'}'.repeat(depth)}}}`
}
