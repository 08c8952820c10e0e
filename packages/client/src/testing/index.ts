// For tests of an app's pages, without any server: the test plays it.
export { createFakeProgress, type FakeProgress, type FakeStart } from './fakeProgress'
export type { FakeChange, FakeSession } from './fakeSession'
