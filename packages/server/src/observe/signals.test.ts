import { describe, expect, it } from 'vitest'
import { Signals } from './signals'

const made = { sessionId: 'one', operation: 'work' }

describe('Signals', () => {
  it('tells a signal to those who hear its kind, then to those who hear all', () => {
    const signals = new Signals()
    const heard: string[] = []
    signals.onAny(({ name }) => void heard.push(`any ${name}`))
    signals.on('made', ({ operation }) => void heard.push(operation))
    signals.on('ended', () => void heard.push('ended'))
    signals.tell('made', made)
    expect(heard).toEqual(['work', 'any made'])
  })

  it('gives all of them the same frozen signal', () => {
    const signals = new Signals()
    const heard: unknown[] = []
    signals.on('made', (signal) => void heard.push(signal))
    signals.onAny((signal) => void heard.push(signal))
    signals.tell('made', made)
    expect(heard[0]).toEqual({ name: 'made', ...made })
    expect([heard[0] === heard[1], Object.isFrozen(heard[0])]).toEqual([true, true])
  })

  it('stops where it is asked to, the same listener twice one at a time', () => {
    const signals = new Signals()
    let heard = 0
    const listener = () => void heard++
    const [first, second] = [signals.on('made', listener), signals.on('made', listener)]
    signals.tell('made', made)
    first()
    first()
    signals.tell('made', made)
    second()
    signals.tell('made', made)
    expect(heard).toBe(3)
  })

  it('is not hurt by a listener that throws, and neither are the others', () => {
    const signals = new Signals()
    const heard: string[] = []
    signals.on('made', () => {
      throw new Error('mine')
    })
    signals.onAny(() => Promise.reject(new Error('mine, later')) as never)
    signals.onAny(({ name }) => void heard.push(name))
    signals.tell('made', made)
    expect(heard).toEqual(['made'])
  })

  it('may be listened to and left while it tells', () => {
    const signals = new Signals()
    const heard: string[] = []
    const stop = signals.on('made', () => {
      stop()
      signals.on('made', () => void heard.push('new'))
    })
    signals.on('made', () => void heard.push('old'))
    signals.tell('made', made)
    expect(heard).toEqual(['old'])
    signals.tell('made', made)
    expect(heard).toEqual(['old', 'old', 'new'])
  })
})
