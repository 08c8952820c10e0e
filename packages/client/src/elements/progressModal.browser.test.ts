import { buildSnapshot } from '@progress/protocol/testing'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { gone } from '../sessions/watchState'
import { defineProgressElements } from './define'
import { createFakeClient } from './fakeClient.test-kit'
import { settled, setUp } from './rig.test-kit'

beforeAll(() => {
  defineProgressElements(createFakeClient)
  document.documentElement.lang = 'en'
})
afterEach(() => document.body.replaceChildren())

const modalOf = (element: HTMLElement): HTMLDialogElement =>
  element.shadowRoot?.querySelector('dialog') as HTMLDialogElement

describe('joining', () => {
  it('opens itself when it is given an id, joins, and leaves when it is closed', async () => {
    const { element, client } = await setUp('progress-modal')
    expect([modalOf(element).open, client.watched.size, client.listeners]).toEqual([false, 0, 0])
    element.sessionId = 'it'
    await settled()
    expect(modalOf(element).matches(':modal')).toBe(true)
    expect(client.watched.get('it')).toBe(1)
    element.close()
    await settled()
    expect([modalOf(element).open, element.open, client.watched.size, client.listeners]).toEqual([false, false, 0, 0])
  })

  it('goes from one id to the next', async () => {
    const { element, client } = await setUp('progress-modal', { sessionId: 'one' })
    client.run('one', { progress: 50 })
    element.sessionId = 'two'
    await settled()
    expect([...client.watched]).toEqual([['two', 1]])
    client.run('one', { message: 'late' })
    expect(element.shadowRoot?.textContent).not.toContain('late')
    element.sessionId = null
    await settled()
    expect([modalOf(element).open, client.watched.size]).toEqual([false, 0])
  })

  it('opens again when it is given the same id again', async () => {
    const { element, client } = await setUp('progress-modal', { sessionId: 'it' })
    element.close()
    element.sessionId = 'it'
    await settled()
    expect([modalOf(element).open, client.watched.get('it')]).toEqual([true, 1])
  })

  it('S0-67: tells an end once, also when another session was shown in between; another life has an end of its own', async () => {
    const { element, client, text } = await setUp('progress-modal', { sessionId: 'one' })
    const ends: string[] = []
    element.addEventListener('progress-end', ({ detail }) => {
      if ('sessionId' in detail) ends.push(`${detail.sessionId} ${detail.epoch}`)
    })
    const { epoch } = buildSnapshot('completed')
    const [first, second] = [buildSnapshot('completed', { sessionId: 'one' }), epoch.replace(/^.{9}/, 'zzzzzzzzz')]
    client.set('one', first)
    client.run('two')
    for (const id of ['two', 'one', 'two', 'one']) {
      element.sessionId = id
      await settled()
    }
    expect(ends).toEqual([`one ${epoch}`])
    expect(text('line')).toMatch(/^Completed/)
    client.set('one', { ...first, epoch: second })
    expect(ends).toEqual([`one ${epoch}`, `one ${second}`])
  })

  it('stays joined, and modal, when it is only moved', async () => {
    const { element, client } = await setUp('progress-modal', { sessionId: 'it' })
    const place = document.createElement('div')
    document.body.append(place)
    place.append(element)
    await settled()
    expect(client.asked.length).toBe(1)
    expect(modalOf(element).matches(':modal')).toBe(true)
  })

  it('bears a state that comes between its removal and its leaving', async () => {
    const { element, client } = await setUp('progress-modal', { sessionId: 'it' })
    element.remove()
    expect(() => client.run('it')).not.toThrow()
    expect(() => client.connect('reconnecting')).not.toThrow()
    await settled()
    expect([modalOf(element).open, client.listeners]).toEqual([false, 0])
  })

  it('takes what was set before its class was known', async () => {
    const client = createFakeClient()
    const element = document.createElement('progress-modal')
    Object.defineProperty(element, 'sessionId', { value: 'it', configurable: true, writable: true, enumerable: true })
    element.client = client
    document.body.append(element)
    await settled()
    expect(client.asked).toEqual(['it'])
  })

  it('shows an id that can be none as gone, and reports the mistake to the page', async () => {
    const told = vi.spyOn(globalThis, 'reportError').mockImplementation(() => {})
    const { text } = await setUp('progress-modal', { sessionId: 'a/b' })
    expect(told).toHaveBeenCalledOnce()
    expect(text('line')).toBe('No longer available')
    told.mockRestore()
  })
})

describe('focus', () => {
  it('comes in, cannot leave, and returns', async () => {
    const button = document.body.appendChild(document.createElement('button'))
    button.focus()
    const { element, part } = await setUp('progress-modal', { sessionId: 'it' })
    expect(element.shadowRoot?.activeElement).toBe(part('close'))
    button.focus()
    expect(document.activeElement).toBe(element)
    element.close()
    expect(document.activeElement).toBe(button)
  })

  it('returns when the element is taken out of the page', async () => {
    const button = document.body.appendChild(document.createElement('button'))
    button.focus()
    const { element } = await setUp('progress-modal', { sessionId: 'it' })
    element.remove()
    await settled()
    expect(document.activeElement).toBe(button)
  })

  it('does not fall to the page when the button under it vanishes', async () => {
    const { element, client, part } = await setUp('progress-modal', { sessionId: 'it' })
    client.run('it', { cancellable: true })
    part('cancel').focus()
    client.set('it', buildSnapshot('completed', { sessionId: 'it' }))
    expect(element.shadowRoot?.activeElement).toBe(part('close'))
  })
})

describe('Escape', () => {
  it('held down asks for a cancel once, and does not close after it', async () => {
    const { element, client, part } = await setUp('progress-modal', { sessionId: 'it' })
    element.setAttribute('escape', 'cancel')
    client.run('it', { cancellable: true })
    for (const repeat of [false, true, true])
      part('dialog').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', repeat }))
    expect([client.cancelled, element.open]).toEqual([['it'], true])
  })

  it('closes; the work goes on', async () => {
    const { element, client } = await setUp('progress-modal', { sessionId: 'it' })
    const closed = vi.fn()
    element.addEventListener('close', closed)
    client.run('it')
    await userEvent.keyboard('{Escape}')
    await settled()
    expect([modalOf(element).open, client.watched.size]).toEqual([false, 0])
    expect(client.cancelled).toEqual([])
    expect(closed).toHaveBeenCalledOnce()
  })

  it('asks the work to stop with escape="cancel", and closes on the second', async () => {
    const { element, client, text } = await setUp('progress-modal', { sessionId: 'it' })
    element.setAttribute('escape', 'cancel')
    client.run('it')
    await userEvent.keyboard('{Escape}')
    expect(client.cancelled).toEqual(['it'])
    expect([modalOf(element).open, text('cancel')]).toEqual([true, 'Cancelling…'])
    await userEvent.keyboard('{Escape}')
    expect(modalOf(element).open).toBe(false)
  })

  it('does nothing with escape="none", however often', async () => {
    const { element } = await setUp('progress-modal', { sessionId: 'it' })
    element.setAttribute('escape', 'none')
    for (let times = 0; times < 4; times++) await userEvent.keyboard('{Escape}')
    expect(modalOf(element).matches(':modal')).toBe(true)
  })
})

describe('cancelling', () => {
  it('asks once, and says that it is asked', async () => {
    const { client, part, text } = await setUp('progress-modal', { sessionId: 'it' })
    client.run('it')
    part('cancel').click()
    part('cancel').click()
    expect(client.cancelled).toEqual(['it'])
    expect([text('cancel'), part('cancel').getAttribute('aria-disabled')]).toEqual(['Cancelling…', 'true'])
    expect(client.watched.get('it')).toBe(2)
    await settled()
    await settled()
    expect(client.watched.get('it')).toBe(1)
  })

  it('shows why it was refused', async () => {
    const { client, element, text } = await setUp('progress-modal', { sessionId: 'it' })
    client.run('it')
    client.answer = { ok: false, code: 'NOT_CANCELLABLE', message: 'It is being written.' }
    await element.cancel()
    expect(text('cancel')).toBe('Cancel')
    expect(element.shadowRoot?.textContent).toContain('It is being written.')
  })
})

describe('what it says', () => {
  it('tells the end once per epoch, across closing and opening', async () => {
    const { element, client } = await setUp('progress-modal', { sessionId: 'it' })
    const ends: string[] = []
    document.body.addEventListener('progress-end', ({ detail }) => ends.push(detail.status))
    client.run('it')
    const end = buildSnapshot('completed', { sessionId: 'it' })
    client.set('it', end)
    client.set('it', end)
    element.close()
    await settled()
    element.show()
    await settled()
    client.set('it', gone('NOT_FOUND'))
    expect(ends).toEqual(['completed'])
    client.run('it', { epoch: 'next' })
    client.set('it', { ...end, epoch: 'next' })
    expect(ends).toEqual(['completed', 'completed'])
  })

  it('announces quarters, phases and the end, politely', async () => {
    const { client, element } = await setUp('progress-modal', { sessionId: 'it' })
    const region = element.shadowRoot?.querySelector('[role=status]') as HTMLElement
    const said: string[] = []
    new MutationObserver(() => said.push(region.textContent ?? '')).observe(region, { childList: true })
    for (let progress = 0; progress < 100; progress++) {
      client.run('it', { progress, phase: progress < 50 ? 'parse' : 'insert' })
      await settled()
    }
    client.set('it', buildSnapshot('completed', { sessionId: 'it', duration: 2_000 }))
    await settled()
    expect(said).toEqual(['parse, 25%', 'insert, 50%', 'insert, 75%', 'Completed in 2 sec'])
  })

  it('is a progressbar with a value only where there is one', async () => {
    const { client, part } = await setUp('progress-modal', { sessionId: 'it' })
    const bar = part('bar')
    expect(bar.hasAttribute('aria-valuenow')).toBe(false)
    expect(bar.getAttribute('aria-valuetext')).toBe('Waiting for it to start…')
    client.run('it', { progress: 43.9, current: 500, total: 1_000, unit: 'rows' })
    expect([bar.ariaValueNow, bar.ariaValueText, bar.ariaValueMin, bar.ariaValueMax]).toEqual([
      '43',
      '43%, 500 of 1,000 rows',
      '0',
      '100',
    ])
    expect(bar.ariaLabel).toBe('Csv import')
  })

  it('touches nothing while nothing that is seen has changed', async () => {
    const { client, element } = await setUp('progress-modal', { sessionId: 'it', phases: ['parse', 'insert'] })
    client.run('it', { progress: 40, phase: 'parse', timestamp: 1 })
    const seen = vi.fn((_: readonly MutationRecord[]) => {})
    const options = { subtree: true, childList: true, characterData: true, attributes: true }
    new MutationObserver(seen).observe(element.shadowRoot as ShadowRoot, options)
    for (let at = 2; at < 100; at++) client.run('it', { progress: 40, phase: 'parse', timestamp: at })
    await settled()
    expect(seen).not.toHaveBeenCalled()
    client.run('it', { progress: 41, phase: 'parse' })
    await settled()
    expect(seen.mock.calls[0]?.[0].length).toBeLessThanOrEqual(4) // the number, the width, and the two values that are read aloud
  })

  it('says it in other words, and in the language of the page', async () => {
    const { client, element, text } = await setUp('progress-modal', { sessionId: 'it', lang: 'de' })
    element.texts = { units: (current, total) => `${current} von ${total}`, cancel: 'Abbrechen' }
    await settled()
    client.run('it', { progress: 40, current: 1_500, total: 2_000, unit: 'Zeilen' })
    expect([text('units'), text('cancel'), text('value').replace(/\s/, ' ')]).toEqual([
      '1.500 von 2.000 Zeilen',
      'Abbrechen',
      '40 %',
    ])
  })

  it('shows steps, and a log that starts anew with its epoch', async () => {
    const { client, element, part } = await setUp('progress-modal', {
      sessionId: 'it',
      phases: ['upload', 'parse', 'insert'],
    })
    client.run('it', { phase: 'parse' })
    const steps = [...part('steps').children]
    expect(steps.map((step) => step.textContent)).toEqual(['upload done', 'parse', 'insert'])
    expect(steps.map((step) => step.ariaCurrent)).toEqual([null, 'step', null])
    const line = (number: number, text: string) => ({ line: number, text, level: 'info', at: 0 }) as const
    client.log('it', line(0, 'a'), line(1, 'b'), { gap: 3 }, line(5, 'c'))
    expect(part('log-lines').innerText.split('\n')).toEqual(['a', 'b', '… 3 earlier lines are not kept', 'c'])
    client.log('it', line(0, 'again'))
    expect(part('log-lines').innerText).toBe('again')
    for (let at = 1; at < 500; at++) client.log('it', line(at, `${at}`))
    expect(part('log-lines').childElementCount).toBe(200)
    element.label = 'Customers'
    await settled()
    expect(part('log-lines').childElementCount).toBe(200)
    element.close()
    element.show()
    await settled()
    expect(part('log-lines').lastElementChild?.textContent).toBe('499')
    expect(part('log-lines').childElementCount).toBe(200)
    expect(element.shadowRoot?.querySelector('[role=log]')).toBeNull()
  })
})
