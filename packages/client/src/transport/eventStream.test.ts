import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventReader, type StreamEvent } from './eventStream'

/** Events of a text that comes in these pieces. */
function read(pieces: readonly string[]): StreamEvent[] {
  const events: StreamEvent[] = []
  const reader = new EventReader((event) => events.push(event))
  for (const piece of pieces) reader.take(piece)
  return events
}

/** A text, cut at these places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length]
  return at.slice(1).map((end, index) => text.slice(at[index], end))
}

describe('a stream of events', () => {
  it.each<[string, string, StreamEvent[]]>([
    ['an event', 'event: a\ndata: 1\n\n', [{ name: 'a', data: '1' }]],
    ['without a space', 'event:a\ndata:1\n\n', [{ name: 'a', data: '1' }]],
    ['one space is left out, a second is not', 'data:  1\n\n', [{ name: '', data: ' 1' }]],
    ['several lines of data', 'data: 1\ndata: 2\n\n', [{ name: '', data: '1\n2' }]],
    ['a heartbeat and other fields', ': beat\nid: 7\nretry: 5\nodd\ndata: 1\n\n', [{ name: '', data: '1' }]],
    ['no data: no event, and its name is forgotten', 'event: a\n\ndata: 1\n\n', [{ name: '', data: '1' }]],
    ['an event that has not ended', 'event: a\ndata: 1\n', []],
    ['CR LF', 'event: a\r\ndata: 1\r\n\r\n', [{ name: 'a', data: '1' }]],
    ['CR alone', 'event: a\rdata: 1\r\r:', [{ name: 'a', data: '1' }]],
  ])('%s', (_name, text, events) => {
    expect(read([text])).toEqual(events)
  })

  it('any chunking gives the same events', () => {
    const word = fc.stringMatching(/^[a-z:{}" é😀]{0,6}$/u)
    const line = fc.oneof(
      word.map((text) => `data: ${text}`),
      word.map((text) => `event: ${text}`),
      word.map((text) => `:${text}`),
      fc.constant(''),
      word,
    )
    const text = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 20 })
      .map((lines) => `${lines.map(([one, end]) => one + end).join('')}:`)
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 30 }), (whole, places) => {
        expect(read(cut(whole, places))).toEqual(read([whole]))
        expect(read([...whole])).toEqual(read([whole]))
      }),
      { numRuns: 1_000 },
    )
  })

  it('the property notices a reader that cuts lines where chunks end', () => {
    const careless = (pieces: readonly string[]): StreamEvent[] => pieces.flatMap((piece) => read([piece]))
    const whole = 'event: a\r\ndata: 1\r\n\r\n'
    expect(
      fc.check(
        fc.property(fc.array(fc.nat(200)), (places) => {
          expect(careless(cut(whole, places))).toEqual(read([whole]))
        }),
      ).failed,
    ).toBe(true)
  })

  it('G8: a line without an end is no stream', () => {
    const reader = new EventReader(() => {})
    expect(reader.take('x'.repeat(1_000_000))).toBe(true)
    expect(reader.take('x')).toBe(false)
  })
})
