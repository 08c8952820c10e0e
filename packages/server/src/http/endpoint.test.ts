// Where the app mounts it, and what it may call that.
import { describe, expect, it } from 'vitest'
import { allowAnonymous } from '../auth/authenticate'
import { ProgressTracker } from '../progressTracker'
import { type ServeOptions, serveProgress } from '../serve'
import { DEFAULT_ENDPOINT, requireEndpoint } from './endpoint'
import { readTarget } from './request'

describe('endpoint', () => {
  it.each([
    [undefined, DEFAULT_ENDPOINT],
    ['/api/jobs', '/api/jobs'],
    ['/api/jobs/', '/api/jobs'],
    ['/v1/work/progress', '/v1/work/progress'],
    ['/jobs', '/jobs'],
  ])('%j is used as %j', (given, used) => expect(requireEndpoint(given)).toBe(used))

  it.each([
    '',
    '/',
    'api/jobs',
    'https://app.test/api/jobs',
    '/api//jobs',
    '/api/jobs?x=1',
    '/api/jobs#x',
    '/api/ jobs',
    '/api/jobs//',
    null,
    7,
    {},
  ])('%j is refused in a sentence that says what to write', (endpoint) => {
    const options = { authenticate: allowAnonymous(), endpoint } as ServeOptions
    expect(() => serveProgress(new ProgressTracker(), options)).toThrow(TypeError)
    expect(() => serveProgress(new ProgressTracker(), options)).toThrow(/Write endpoint: '\/api\/jobs'/)
  })

  it('that is refused leaves the tracker free to be served as it should be', async () => {
    const tracker = new ProgressTracker()
    const authenticate = allowAnonymous()
    expect(() => serveProgress(tracker, { authenticate, endpoint: 'jobs' })).toThrow(TypeError)
    await serveProgress(tracker, { authenticate, endpoint: '/jobs' }).close()
  })
})

describe('a target below an endpoint of the app', () => {
  it.each([
    ['/api/jobs', '/api/jobs', ''],
    ['/api/jobs/', '/api/jobs', ''],
    ['/api/jobs/abc', '/api/jobs', 'abc'],
    ['https://app.test/api/jobs/abc?wait=1', '/api/jobs', 'abc'],
    ['/base/path/api/jobs/abc', '/api/jobs', 'abc'],
    ['/abc', '/api/jobs', 'abc'],
    ['/api/progress/abc', '/api/jobs', 'api/progress/abc'],
    ['/api/jobsearch/abc', '/api/jobs', 'api/jobsearch/abc'],
    ['/jobs/jobs', '/jobs', 'jobs'],
    ['/tenant-7/jobs/abc', '/jobs', 'abc'],
  ])('%j below %j is the path %j', (target, endpoint, path) => {
    expect(readTarget(target, endpoint).path).toBe(path)
  })
})
