import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { describe, expect, it } from 'vitest'
import { type Signal, Signals } from '../observe/signals'
import { adviseOptions } from './advice'

function advised(options: ConstructorParameters<typeof Server>[1]): unknown[] {
  const signals = new Signals()
  const heard: Signal[] = []
  signals.onAny((signal) => heard.push(signal))
  adviseOptions(new Server(createServer(), options), signals)
  return heard.map((signal) => signal.name === 'advice' && signal.option)
}

describe('adviseOptions', () => {
  it('names what a server leaves open by default', () => {
    expect(advised({})).toEqual(['maxHttpBufferSize', 'connectTimeout'])
  })

  it('has nothing to say where both are short', () => {
    expect(advised({ maxHttpBufferSize: 16_384, connectTimeout: 10_000 })).toEqual([])
  })
})
