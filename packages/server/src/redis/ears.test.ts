import { ManualClock } from '@progress/protocol/testing'
import { describe, expect, it } from 'vitest'
import { Calls } from './calls'
import type { Client } from './client'
import { Ears } from './ears'

const CANCEL = '{"kind":"cancel","sessionId":"a"}'

/** Ears at a Redis that is played by the test. */
function open() {
  const clock = new ManualClock()
  const played = {
    /** The number of what was told last. */
    number: 7,
    /** What happens while a connection is opened. */
    meanwhile: () => {},
    refuses: false,
    lines: [] as { hear(text: string): void; isBack(): void; isClosed: boolean }[],
  }
  const client: Client = {
    run: async () => ['told', String(played.number)],
    line() {
      const line = { hear: (_text: string) => {}, isBack: () => {}, isClosed: false }
      played.lines.push(line)
      return {
        async subscribe(_channel, hear, isBack) {
          if (played.refuses) throw new Error('NOPERM no')
          Object.assign(line, { hear, isBack })
          played.meanwhile()
        },
        close() {
          line.isClosed = true
        },
      }
    },
  }
  const ears = new Ears(client, new Calls(client, clock, '{test}'), clock)
  const heard: string[] = []
  const listen = (name = '') =>
    ears.listen(
      ({ kind }) => heard.push(name + kind),
      () => heard.push(`${name}gap`),
    )
  return { clock, played, ears, heard, listen }
}

describe('Ears', () => {
  it('what is told while a connection is opened may have been missed', async () => {
    const { played, heard, listen } = open()
    played.meanwhile = () => {
      played.number += 1
    }
    await listen()
    expect(heard).toEqual(['gap'])
  })

  it('what was on its way when it was asked for the newest is heard, and is no gap', async () => {
    const { played, heard, listen } = open()
    await listen()
    for (const number of [7, 8, 8, 9]) played.lines[0]?.hear(`${number} ${CANCEL}`)
    expect(heard).toEqual(['cancel', 'cancel', 'cancel', 'cancel'])
  })

  it('27: a connection that comes back has missed something; one that was replaced does not count', async () => {
    const { clock, played, heard, listen } = open()
    await listen()
    played.lines[0]?.isBack()
    expect(heard).toEqual(['gap'])
    played.number = 3 // another Redis, which knows less
    await clock.advance(5_000)
    expect([played.lines.map(({ isClosed }) => isClosed), heard]).toEqual([
      [true, false],
      ['gap', 'gap', 'gap'],
    ])
    played.lines[0]?.isBack()
    expect(heard.length).toBe(3)
  })

  it('26: as long as no connection can be opened, it is said at each look that something may be missed', async () => {
    const { clock, played, heard, listen } = open()
    await listen()
    played.number += 1
    played.refuses = true
    for (let look = 0; look < 3; look++) await clock.advance(6_000)
    expect(heard).toEqual(['gap', 'gap', 'gap'])
    expect(played.lines.every(({ isClosed }) => isClosed)).toBe(true)
    played.refuses = false
    await clock.advance(6_000)
    expect(played.lines.filter(({ isClosed }) => !isClosed).length).toBe(1)
    const before = heard.length
    await clock.advance(60_000)
    expect(heard.length).toBe(before)
  })

  it('a connection that cannot be used is closed, and whoever asked hears why', async () => {
    const { played, listen } = open()
    played.refuses = true
    await expect(listen()).rejects.toThrow('NOPERM')
    expect(played.lines[0]?.isClosed).toBe(true)
  })

  it('two that listen at once share a connection, which goes with the last of them', async () => {
    const { clock, played, heard, listen } = open()
    const [stopOne, stopTwo] = await Promise.all([listen('1 '), listen('2 ')])
    played.lines[0]?.hear(`8 ${CANCEL}`)
    stopOne()
    played.lines[0]?.hear(`9 ${CANCEL}`)
    expect(heard).toEqual(['1 cancel', '2 cancel', '2 cancel'])
    expect(played.lines.map(({ isClosed }) => isClosed)).toEqual([false])
    stopTwo()
    stopTwo()
    expect([played.lines.map(({ isClosed }) => isClosed), clock.pending]).toEqual([[true], 0])
  })

  it('one that is closed while a connection is opened keeps none', async () => {
    const { played, ears, listen } = open()
    played.meanwhile = () => ears.close()
    await expect(listen()).rejects.toThrow('closed')
    expect(played.lines[0]?.isClosed).toBe(true)
  })
})
