import { describe, expect, it, vi } from 'vitest'
import { state } from '../clientRig.test-kit'
import { type FakeRequest, type HttpRig, httpRig } from './fakeFetch.test-kit'
import { PollLink } from './poll'

const HINTS = { headers: { 'x-progress-interval': '1000' } }

function rig(): HttpRig<PollLink> {
  return httpRig((parts, listener) => new PollLink(parts, listener))
}

/** A link that follows these, whose first round was not answered yet. */
async function following(...ids: string[]) {
  const made = rig()
  const answer = vi.fn()
  for (const id of ids) made.link.send('join-progress', [id], answer)
  await made.settle()
  return { ...made, answer }
}

describe('S0-69: asking again and again', () => {
  it('every 1,000 ms, or as often as the server suggests', async () => {
    const { clock, requests, last, settle } = await following('a')
    last().json(state(1))
    await settle()
    await clock.advance(999)
    expect(requests).toHaveLength(1)
    await clock.advance(1)
    last().json(state(2), { headers: { 'x-progress-interval': '3000' } })
    await settle()
    await clock.advance(2_999)
    expect(requests).toHaveLength(2)
    await clock.advance(1)
    expect(requests.map(({ path }) => path.split('?')[0])).toEqual(['/a', '/a', '/a'])
  })

  it.each([
    ['1', 200],
    ['600000', 60_000],
    ['nonsense', 1_000],
  ])('a suggestion of %s is kept within bounds', async (header, ms) => {
    const { clock, requests, last, settle } = await following('a', 'b')
    last().json({ snapshots: [], gone: [] }, { headers: { 'x-progress-interval': header } })
    await settle()
    await clock.advance(ms - 1)
    expect(requests).toHaveLength(1)
    await clock.advance(1)
    expect(requests).toHaveLength(2)
  })

  it('the first state answers the join, the next are events', async () => {
    const { clock, last, settle, answer, told } = await following('a')
    last().json(state(1))
    await clock.advance(1_000)
    last().json(state(2))
    await settle()
    expect(answer.mock.calls).toEqual([[{ success: true, status: state(1) }]])
    expect(told).toEqual([['opened'], ['progress-update', state(2)]])
  })

  it('10: says what it has, and takes 304 for no news', async () => {
    const { clock, last, settle, told } = await following('a')
    last().json(state(1))
    await clock.advance(1_000)
    expect(last().headers.get('if-none-match')).toBe(`"${state(1).epoch}.1"`)
    last().send(null, 304)
    await settle()
    await clock.advance(1_000)
    last().json(state(2))
    await settle()
    expect(told).toEqual([['opened'], ['progress-update', state(2)]])
  })

  it('several ids are one request', async () => {
    const { clock, last, requests, settle, answer } = await following('a', 'b', 'c')
    expect(last().path).toBe('?ids=a,b,c')
    last().json({ snapshots: [state(1), state(1, { sessionId: 'b' })], gone: [{ sessionId: 'c', code: 'NOT_FOUND' }] })
    await settle()
    expect(answer.mock.calls.map(([said]) => ('error' in said ? said.error.code : said.status.sessionId))).toEqual([
      'a',
      'b',
      'NOT_FOUND',
    ])
    await clock.advance(1_000)
    expect([requests.length, last().path]).toEqual([2, '?ids=a,b,c'])
  })

  it('109: at most one request is in flight, whatever is asked for meanwhile', async () => {
    const { link, clock, open, last, settle } = await following('a')
    for (let count = 0; count < 20; count++) {
      link.send('join-progress', [`id-${count}`], () => {})
      link.send('cancel-progress', ['a'], () => {})
      link.send('list-progress', [{}], () => {})
      link.send('sync-progress', [{}], () => {})
      await clock.advance(count * 100)
      expect(open().length).toBeLessThanOrEqual(1)
      if (open().length > 0 && count % 3 === 0) last().json({ sessions: [], snapshots: [], gone: [] })
      await settle()
    }
  })
})

describe('waiting for news', () => {
  async function waiting() {
    const made = await following('a')
    made.last().json(state(1), HINTS)
    await made.clock.advance(1_000)
    return made
  }

  it('where the server can: one request is kept until there is some', async () => {
    const { clock, last, requests, told, settle } = await waiting()
    expect(last().path).toBe(`/a?wait=20&since=${state(1).epoch}.1`)
    await clock.advance(20_000)
    expect(requests).toHaveLength(2)
    last().json(state(2), HINTS)
    await settle()
    expect(told.at(-1)).toEqual(['progress-update', state(2)])
  })

  it('but not where my own are asked for as well', async () => {
    const { link, last, clock, settle } = await waiting()
    link.send('list-progress', [{}], () => {})
    await settle()
    last().json({ sessions: [] }, HINTS)
    await settle()
    last().send(null, 304)
    await clock.advance(1_000)
    last().json({ sessions: [] }, HINTS)
    await settle()
    expect(last().path).toBe('/a')
  })

  it('and is given up where no answer comes at all', async () => {
    const { clock, told, open } = await waiting()
    await clock.advance(25_000)
    expect([told.at(-1)?.[0], open().length, clock.pending]).toEqual(['closed', 0, 0])
  })

  it('gives way to whatever else is asked for', async () => {
    const { link, last, open, settle } = await waiting()
    const answer = vi.fn()
    link.send('cancel-progress', ['a', 'why & how'], answer)
    await settle()
    expect([last().method, last().path, open().length]).toEqual(['DELETE', '/a?reason=why & how', 1])
    last().json({ error: { code: 'NOT_CANCELLABLE', message: 'No.' } }, { status: 409 })
    await settle()
    expect(answer.mock.calls).toEqual([[{ error: { code: 'NOT_CANCELLABLE', message: 'No.' } }]])
  })

  it('a comparison is answered by the next round', async () => {
    const { link, last, settle } = await waiting()
    const answer = vi.fn()
    link.send('sync-progress', [{}], answer)
    await settle()
    expect([last().path, answer.mock.calls.length]).toEqual(['/a', 0])
    last().send(null, 304)
    await settle()
    expect(answer).toHaveBeenCalledTimes(1)
  })

  it('109: ends when the last one leaves, and leaves no timer', async () => {
    const { link, open, settle, clock, told } = await waiting()
    link.send('leave-progress', ['a'])
    await settle()
    expect([open().length, clock.pending, told.length]).toEqual([0, 0, 1])
  })
})

describe('112: what is not asked for ever', () => {
  it('S0-70: an id that has ended is asked no more, and with the last one all asking ends', async () => {
    const { clock, last, requests, told } = await following('a', 'b')
    last().json({ snapshots: [state(1, { status: 'completed' }), state(1, { sessionId: 'b' })], gone: [] })
    await clock.advance(1_000)
    expect(last().path).toBe('/b')
    last().json(state(2, { sessionId: 'b', status: 'error' }))
    await clock.advance(600_000)
    expect([requests.length, clock.pending]).toEqual([2, 0])
    expect(told).toEqual([['opened'], ['progress-error', state(2, { sessionId: 'b', status: 'error' })]])
  })

  it('109, S0-71: what was left is asked no more, and an answer that comes then is passed over', async () => {
    const { link, clock, last, requests, told, answer, settle } = await following('a')
    link.send('leave-progress', ['a'])
    last().json(state(1))
    await settle()
    await clock.advance(600_000)
    expect([requests.length, answer.mock.calls.length, told, clock.pending]).toEqual([1, 0, [['opened']], 0])
  })

  it('109: an answer that comes after hanging up is passed over', async () => {
    const { link, last, settle, clock, told, answer } = await following('a')
    const request = last()
    link.close()
    expect(request.init.signal?.aborted).toBe(true)
    request.json(state(1))
    await settle()
    expect([told, answer.mock.calls, clock.pending]).toEqual([[], [], 0])
  })

  it('109: nor is one that had come, and was not read yet', async () => {
    const { link, last, settle, told, answer } = await following('a')
    last().json(state(1))
    link.close()
    await settle()
    expect([told, answer.mock.calls]).toEqual([[], []])
  })

  it.each([404, 410])(
    '%i is asked again while the id is waited for, at the interval, and no more once it is left',
    async (status) => {
      const { link, clock, last, requests, answer, settle } = await following('a')
      for (let count = 0; count < 30; count++) {
        last().json({ error: { code: 'NOT_FOUND', message: '' } }, { status })
        await clock.advance(1_000)
      }
      expect([requests.length, answer.mock.calls.length]).toEqual([31, 1])
      link.send('leave-progress', ['a'])
      last().json({ error: { code: 'NOT_FOUND', message: '' } }, { status })
      await settle()
      await clock.advance(60_000)
      expect([requests.length, clock.pending]).toEqual([31, 0])
    },
  )

  it.each([
    ['401', (r: FakeRequest) => r.send('', 401), { code: 'UNAUTHENTICATED', message: '' }],
    ['429', (r: FakeRequest) => r.send('', 429, { 'retry-after': '9' }), { retryAfterMs: 9_000 }],
    ['500', (r: FakeRequest) => r.send('', 500), {}],
    ['HTML', (r: FakeRequest) => r.send('<html>', 200, { 'content-type': 'text/html' }), {}],
  ])('%s ends the link, and says why', async (_name, respond, why) => {
    const { clock, last, requests, told, settle } = await following('a')
    respond(last())
    await settle()
    await clock.advance(600_000)
    expect([told, requests.length, clock.pending]).toEqual([[['closed', why]], 1, 0])
  })
})

describe('where nothing is followed', () => {
  it('it knocks once, stands, and asks nothing', async () => {
    const { clock, requests, last, settle, told } = rig()
    await settle()
    expect(last().path).toBe('?ids=-')
    last().json({ snapshots: [], gone: [] })
    await settle()
    await clock.advance(60_000)
    expect([told, requests.length, clock.pending]).toEqual([[['opened']], 1, 0])
  })

  it('my own are listed, and then told of as batches', async () => {
    const { link, clock, last, settle, told } = rig()
    const answer = vi.fn()
    link.send('list-progress', [{ watch: true }], answer)
    await settle()
    expect(last().path).toBe('')
    last().json({ sessions: [state(1)] })
    await clock.advance(1_000)
    last().json({ sessions: [state(2)] })
    await settle()
    expect(answer.mock.calls).toEqual([[{ success: true, sessions: [state(1)] }]])
    expect(told.at(-1)).toEqual(['progress-batch', { sessions: [state(2)] }])
    link.send('list-progress', [{ watch: false }])
    await clock.advance(10_000)
    expect(clock.pending).toBe(0)
  })

  it('35: answers that are no lists are empty ones', async () => {
    const { link, last, settle, told } = rig()
    const answer = vi.fn()
    link.send('list-progress', [{}], answer)
    await settle()
    last().json({ sessions: 'many' })
    await settle()
    expect([answer.mock.calls, told]).toEqual([[[{ success: true, sessions: [] }]], [['opened']]])
  })

  it('112: a final answer to several is one to each of them', async () => {
    const { last, settle, answer } = await following('a', 'b')
    last().json({ error: { code: 'NOT_FOUND', message: 'no' } }, { status: 404 })
    await settle()
    const error = { error: { code: 'NOT_FOUND', message: 'no' } }
    expect(answer.mock.calls).toEqual([[error], [error]])
  })
})
