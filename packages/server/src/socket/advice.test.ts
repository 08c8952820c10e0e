import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { describe, expect, it } from 'vitest'
import { type Signal, Signals } from '../observe/signals'
import { adviseOptions } from './advice'

function heard(options: ConstructorParameters<typeof Server>[1]): Signal[] {
  const signals = new Signals()
  const told: Signal[] = []
  signals.onAny((signal) => told.push(signal))
  adviseOptions(new Server(createServer(), options), signals)
  return told
}

const advised = (options: ConstructorParameters<typeof Server>[1]): unknown[] =>
  heard(options).map((signal) => signal.name === 'advice' && signal.option)

describe('adviseOptions', () => {
  it('names what a server leaves open by default', () => {
    expect(advised({})).toEqual(['maxHttpBufferSize', 'connectTimeout'])
  })

  it.each([
    [45_000, 30_000],
    [20_000, 20_000],
  ])(
    'of a connectTimeout of %i says that a connection waits %i ms: after 30 s we close it',
    (connectTimeout, waits) => {
      const [advice] = heard({ maxHttpBufferSize: 16_384, connectTimeout })
      expect(advice).toMatchObject({ option: 'connectTimeout', reason: expect.stringContaining(`wait ${waits} ms`) })
    },
  )

  it('has nothing to say where both are short', () => {
    expect(advised({ maxHttpBufferSize: 16_384, connectTimeout: 10_000 })).toEqual([])
  })
})
