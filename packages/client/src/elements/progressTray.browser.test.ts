import { buildSnapshot } from '@progress/protocol/testing'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { defineProgressElements } from './define'
import { createFakeClient } from './fakeClient.test-kit'
import { MINE } from './gallery.test-kit'
import { type Rig, settled, setUp } from './rig.test-kit'

beforeAll(() => defineProgressElements(createFakeClient))
afterEach(() => document.body.replaceChildren())

const rowsOf = ({ part }: Rig<'progress-tray'>): HTMLElement[] => [...part('list').children] as HTMLElement[]
const named = (row: Element | undefined, part: string): HTMLElement =>
  row?.querySelector(`[part="${part}"]`) as HTMLElement

it('is hidden while there is nothing, and counts what runs', async () => {
  const { client, part, text, element } = await setUp('progress-tray')
  expect(part('tray').hidden).toBe(true)
  client.mine(MINE)
  expect([part('tray').hidden, text('badge'), part('panel').hidden]).toEqual([false, '3', true])
  part('toggle').click()
  await settled()
  expect([part('panel').hidden, part('toggle').ariaExpanded, element.expanded]).toEqual([false, 'true', true])
  client.mine([])
  expect([part('tray').hidden, text('badge'), text('empty')]).toEqual([false, '', 'Nothing is running.'])
})

it('keeps the rows of what stays, in the order of the list', async () => {
  const rig = await setUp('progress-tray', { expanded: true })
  rig.client.mine(MINE)
  const before = rowsOf(rig)
  expect(before.map((row) => named(row, 'open').ariaLabel)).toEqual([
    'Csv import',
    'Nightly report',
    'Video transcode',
    'Pdf export',
    'Mail merge',
  ])
  rig.client.mine([...MINE].reverse().slice(1))
  expect(rowsOf(rig)).toEqual([before[3], before[2], before[1], before[0]])
})

it('opens a modal of its own, unless that is prevented, and gives the focus back', async () => {
  const rig = await setUp('progress-tray', { expanded: true })
  rig.client.mine(MINE)
  await settled()
  const opened = vi.fn((event: CustomEvent<{ readonly sessionId: string }>) => event.preventDefault())
  document.body.addEventListener('progress-open', opened, { once: true })
  const open = named(rowsOf(rig)[0], 'open')
  open.click()
  expect(opened.mock.calls[0]?.[0].detail).toEqual({ sessionId: 'a' })
  expect(rig.element.shadowRoot?.querySelector('progress-modal')).toBeNull()
  open.focus()
  open.click()
  await settled()
  expect(rig.client.watched.get('a')).toBe(1)
  const modal = rig.element.shadowRoot?.querySelector('progress-modal')
  expect(modal?.shadowRoot?.querySelector('dialog')?.matches(':modal')).toBe(true)
  modal?.close()
  await settled()
  expect(rig.client.watched.has('a')).toBe(false)
  expect(rig.element.shadowRoot?.activeElement).toBe(open)
})

it('cancels where that is possible', async () => {
  const rig = await setUp('progress-tray', { expanded: true })
  rig.client.mine(MINE)
  await settled()
  const cancels = rowsOf(rig).map((row) => named(row, 'row-cancel'))
  expect(cancels.map((cancel) => cancel.hidden)).toEqual([false, true, false, true, true])
  expect(cancels[0]?.ariaLabel).toBe('Cancel: Csv import')
  cancels[0]?.click()
  cancels[0]?.click()
  expect(rig.client.cancelled).toEqual(['a'])
  await settled()
  await settled()
  expect(rig.client.watched.has('a')).toBe(false)
})

it('tells what ended while it was there, once, and nothing of what had ended before', async () => {
  const rig = await setUp('progress-tray')
  const ends: string[] = []
  document.body.addEventListener('progress-end', ({ detail, target }) => {
    expect(target).toBe(rig.element)
    if (detail.status !== 'gone') ends.push(detail.sessionId)
  })
  rig.client.mine(MINE)
  expect(ends).toEqual([])
  const done = buildSnapshot('completed', { sessionId: 'a', operation: 'csv-import', duration: 2_000 })
  rig.client.mine([done, ...MINE.slice(1)])
  rig.client.mine([done, ...MINE.slice(1)])
  expect(ends).toEqual(['a'])
  expect(rig.text('unseen')).not.toBe('')
  const region = rig.element.shadowRoot?.querySelector(':host > [role=status], [role=status]')
  expect(region?.textContent).toBe('Csv import: Completed in 2 sec')
})

it('touches nothing while nothing that is seen has changed', async () => {
  const rig = await setUp('progress-tray', { expanded: true })
  rig.client.mine(MINE)
  await settled()
  const seen = vi.fn()
  const options = { subtree: true, childList: true, characterData: true, attributes: true }
  const observer = new MutationObserver(seen)
  for (const host of [rig.element, ...(rig.element.shadowRoot?.querySelectorAll('progress-meter') ?? [])])
    observer.observe(host.shadowRoot as ShadowRoot, options)
  rig.client.mine(MINE.map((one) => ({ ...one, revision: 9, timestamp: 9 })))
  await settled()
  expect(seen).not.toHaveBeenCalled()
})
