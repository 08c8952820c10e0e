// For tests of an app's jobs and pages: everything real but network and clock.
export { createTestProgress, type TestProgress, type TestProgressOptions } from './testProgress'
