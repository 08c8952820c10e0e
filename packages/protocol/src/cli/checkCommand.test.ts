import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { messageNames } from '../messages'
import { buildMessage } from '../testing'
import { run } from './terminal.test-kit'

const folder = mkdtempSync(join(tmpdir(), 'progress-protocol-'))
afterAll(() => rmSync(folder, { recursive: true }))

const all = messageNames.map((event) => JSON.stringify({ event, payload: buildMessage(event) }))
const [good = ''] = all

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('counts', () => {
  const valid = { code: 0, out: `${messageNames.length} messages, all valid\n`, err: '' }

  it.each([
    ['one a line', all.join('\n').concat('\n')],
    ['with CRLF, a byte order mark, blank lines and no last line end', `\ufeff\r\n${all.join('\r\n \t\r\n\r\n')}`],
  ])('valid messages %s', async (_what, content) => {
    expect(await run(['check', file('valid.ndjson', content)])).toEqual(valid)
    expect(await run(['check'], [content])).toEqual(valid)
    expect(await run(['check', '-'], [...content])).toEqual(valid)
  })

  it('one message', async () => {
    expect((await run(['check'], [good])).out).toBe('1 message, all valid\n')
  })

  it('a message of a newer peer, with fields that this version does not know', async () => {
    const newer = JSON.stringify({ event: 'progress-gone', payload: { sessionId: 'a', code: 'X', new: 1 }, at: 1 })
    expect((await run(['check'], [newer])).code).toBe(0)
  })
})

describe('names', () => {
  const wrong = (event: unknown, payload?: unknown) => JSON.stringify({ event, payload })
  const gone = { sessionId: 'a', code: 'NOT_FOUND' }

  it('the first wrong line in the middle of a file', async () => {
    const bad = wrong('progress-log', { ...buildMessage('progress-log'), lines: [{ text: 1 }] })
    const path = file('wrong.ndjson', [good, '', good, bad, wrong('nothing')].join('\n'))
    expect(await run(['check', path])).toEqual({
      code: 1,
      out: '',
      err: `${path}:4: progress-log: lines.0.text: Invalid input: expected string, received number\n`,
    })
  })

  it.each([
    ['no JSON', '{"event":', 'not JSON'],
    ['a list', '[]', 'not a message: write { "event": NAME, "payload": … }'],
    ['null', 'null', 'not a message: write { "event": NAME, "payload": … }'],
    ['no event', '{"payload":{}}', 'not a message: write { "event": NAME, "payload": … }'],
    ['an event that is no name', wrong(7), 'event: the name of a message is a string'],
    ['an unknown event', wrong('toString', gone), 'toString: no message of this protocol has this name'],
    ['no payload', wrong('progress-gone'), 'progress-gone: Invalid input: expected object, received undefined'],
    ['a missing field', wrong('progress-gone', { code: 'X' }), 'progress-gone: sessionId: Invalid input'],
    [
      'a reserved word',
      wrong('progress-gone', { ...gone, sessionId: 'events' }),
      'progress-gone: sessionId: a reserved',
    ],
    ['an argument', wrong('join-progress', ['a', { position: 'x' }]), 'join-progress: 1.position: Invalid string'],
    ['a line over 1 MiB', wrong('progress-gone', 'x'.repeat(1_048_576)), 'longer than 1 MiB'],
    ['half a character', '"\ud83d', 'not JSON'],
  ])('%s', async (_what, line, reason) => {
    const { code, out, err } = await run(['check'], [`${good}\n${line}\n${good}\n`])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(`<stdin>:2: ${reason}`)
  })

  it('what is not UTF-8', async () => {
    const path = file('utf-16.ndjson', Buffer.from(`\ufeff${good}\n`, 'utf16le'))
    expect((await run(['check', path])).err).toBe(`${path}:1: not UTF-8\n`)
  })

  it('what a peer chose in one short line without escape codes', async () => {
    const metadata = { [`\u001b[31m\n\u202e${'k'.repeat(40)}`]: { deep: [[['x'.repeat(201)]]] } }
    const bad = wrong('progress-update', { ...buildMessage('progress-update'), metadata })
    const { err } = await run(['check'], [bad, '\n', good])
    expect(err).toMatch(/^<stdin>:1: progress-update: metadata\.\?\.deep[ -~]*\n$/)
    const { err: named } = await run(['check'], [wrong('\u001b[31m\n\u202e')])
    expect(named).toMatch(/^<stdin>:1: \\u\{1b\}\[31m\\u\{a\}\\u\{202e\}: [ -~]*\n$/)
    const { err: long } = await run(['check'], [wrong('\n'.repeat(5_000))])
    expect(long.length).toBeLessThan(2_500)
    expect(long.trimEnd()).not.toContain('\n')
  })

  it('a payload nested beyond all bounds', async () => {
    const deep = `{"event":"progress-complete","payload":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    const { code, err } = await run(['check'], [deep])
    expect(code).toBe(1)
    expect(err).toMatch(/^<stdin>:1: progress-complete: /)
  })
})

describe('refuses', () => {
  it.each([
    ['nothing', ''],
    ['blank lines', '\n \n\r\n'],
    ['a byte order mark', '\ufeff'],
  ])('%s', async (_what, content) => {
    const nothing = { code: 1, out: '', err: 'no messages: nothing was checked\n' }
    expect(await run(['check', file('empty.ndjson', content)])).toEqual(nothing)
    expect(await run(['check'], [content])).toEqual(nothing)
  })

  it('a file that is not there, or is none', async () => {
    const path = join(folder, 'missing.ndjson')
    const err = `progress-protocol: cannot read ${path}: there is no such file\n`
    expect(await run(['check', path])).toEqual({ code: 2, out: '', err })
    expect((await run(['check', folder])).err).toBe(`progress-protocol: cannot read ${folder}: it is a directory\n`)
  })

  it('a source that fails on the way', async () => {
    async function* failing() {
      yield Buffer.from(`${good}\n`)
      throw Object.assign(new Error('i/o error'), { code: 'EIO' })
    }
    const err = 'progress-protocol: cannot read <stdin>: EIO\n'
    expect(await run(['check'], failing())).toEqual({ code: 2, out: '', err })
  })
})
