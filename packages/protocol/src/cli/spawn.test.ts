import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { buildMessage } from '../testing'
import { outliveReader } from './pipes'

const entry = fileURLToPath(new URL('index.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'progress-protocol-'))
afterAll(() => rmSync(folder, { recursive: true }))

function start(...argv: string[]) {
  return spawn(process.execPath, ['--conditions=@progress/source', '--import', 'tsx', entry, ...argv])
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += chunk.toString()
  return text
}

describe('as a process of its own', { timeout: 60_000 }, () => {
  it('names a wrong line in the middle of a file', async () => {
    const good = JSON.stringify({ event: 'progress-gone', payload: buildMessage('progress-gone') })
    const wrong = JSON.stringify({ event: 'progress-gone', payload: { sessionId: 'a' } })
    const path = join(folder, 'wrong.ndjson')
    writeFileSync(path, `${[...Array(500).fill(good), wrong, ...Array(500).fill(good)].join('\n')}\n`)
    const child = start('check', path)
    const ended = once(child, 'close')
    const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)])
    expect(await ended).toEqual([1, null])
    expect({ out, err: err.replace(/Invalid.*/, 'REASON') }).toEqual({
      out: '',
      err: `${path}:501: progress-gone: code: REASON\n`,
    })
  })

  it('flushes a long answer, and reads standard input', async () => {
    const schema = start('schema')
    const diff = start('diff', '-', join(folder, 'same.json'))
    const printed = await textOf(schema.stdout)
    writeFileSync(join(folder, 'same.json'), printed)
    diff.stdin.end(printed)
    expect(await textOf(diff.stdout)).toBe('no breaking change\n')
  })

  it('outlives a reader that goes away', async () => {
    const child = start('schema')
    child.stdout.destroy()
    const ended = once(child, 'close')
    expect(await textOf(child.stderr)).toBe('')
    expect(await ended).toEqual([0, null])
  })
})

it('hands on what is no closed pipe', () => {
  const failed = vi.fn()
  const stream = new EventEmitter()
  outliveReader(stream, failed)
  stream.emit('error', Object.assign(new Error('closed'), { code: 'EPIPE' }))
  expect(failed).not.toHaveBeenCalled()
  stream.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))
  expect(failed).toHaveBeenCalledOnce()
})
