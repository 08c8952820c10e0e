// `progress.fetch` as a framework mounts it: under the default path, and under one of the app's own.
import { describe, expect, it } from 'vitest'
import { rig } from './http.test-support'

const headers = { authorization: 'Bearer ada' }

/** What `fetch` answers for a URL when the app has said this endpoint, or none. */
async function askAt(url: string, endpoint?: string) {
  const { http, tracker } = rig(endpoint === undefined ? {} : { parts: { endpoint } })
  tracker.createSessionWithId('job-1', {}, { owner: 'ada' })
  const answer = await http.fetch(new Request(url, { headers }))
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

describe('fetch', () => {
  it.each([
    ['app/api/progress/[[...path]]/route.ts', 'https://app.test/api/progress/job-1', undefined],
    ['app/api/jobs/[...path]/route.ts', 'https://app.test/api/jobs/job-1', '/api/jobs'],
    ['app/v1/work/progress/[...path]/route.ts', 'https://app.test/v1/work/progress/job-1', '/v1/work/progress'],
    ['app/[tenant]/jobs/[...path]/route.ts', 'https://app.test/acme/jobs/job-1', '/jobs'],
    ['a router that takes its mount away', 'https://app.test/job-1', undefined],
  ])('below %s finds a session', async (_mount, url, endpoint) => {
    expect(await askAt(url, endpoint)).toMatchObject({ status: 200, body: { sessionId: 'job-1' } })
  })

  it.each([
    ['/api/jobs', 'sessions'],
    ['/api/jobs/', 'sessions'],
    ['/api/jobs?ids=job-1', 'snapshots'],
    ['/api/jobs/health', 'status'],
  ])('answers all places below its endpoint: %s', async (path, key) => {
    const { status, body } = await askAt(`https://app.test${path}`, '/api/jobs')
    expect([status, body]).toMatchObject([200, { [key]: expect.anything() }])
  })

  it('without its endpoint takes a path of the app for none of its own', async () => {
    expect(await askAt('https://app.test/api/jobs/job-1')).toMatchObject({ status: 404 })
  })
})

describe('the last word of a stream', () => {
  it.each([
    ['waits for it', true],
    ['comes for it later', false],
  ])('leaves nothing to wait for where the reader %s', async (_how, isReading) => {
    const { http, timersLeft, settle } = rig()
    const answer = await http.fetch(new Request('https://app.test/events?ids=job-1', { headers }))
    const early = isReading ? answer.text() : undefined
    await settle()
    http.close()
    await settle()
    expect(await (early ?? answer.text())).toContain('event: progress-bye')
    await settle()
    expect([http.openStreams, timersLeft()]).toEqual([0, 0])
  })

  it('is not waited for longer than a moment where nobody reads', async () => {
    const { http, timersLeft, settle, clock } = rig()
    await http.fetch(new Request('https://app.test/events?ids=job-1', { headers }))
    await settle()
    http.close()
    await settle()
    expect(timersLeft()).toBe(1)
    await clock.advance(1_000)
    expect([http.openStreams, timersLeft()]).toEqual([0, 0])
  })
})
