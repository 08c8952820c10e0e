// What is mutated: each pure file, and the tests beside it that have to notice. What only a test far away notices counts
// as survived: whoever changes a pure file runs the tests next to it.

/** A pure file. */
export interface Subject {
  /** From the root of the repository. */
  readonly file: string
  /** Its tests, in the order in which they are asked: the quick ones first. */
  readonly tests: readonly string[]
}

const connection = 'packages/client/src/connection'
const rows = [`${connection}/machine.test.ts`, `${connection}/rules.test.ts`, `${connection}/backoff.test.ts`]

/** All of them. */
export const SUBJECTS: readonly Subject[] = [
  { file: 'packages/server/src/tracker/session.ts', tests: ['packages/server/src/tracker/session.test.ts'] },
  { file: 'packages/server/src/tracker/throttle.ts', tests: ['packages/server/src/tracker/throttle.test.ts'] },
  {
    file: 'packages/client/src/sessions/view.ts',
    tests: ['packages/client/src/sessions/view.test.ts', 'packages/client/src/sessions/view.properties.test.ts'],
  },
  { file: `${connection}/machine.ts`, tests: rows },
  { file: `${connection}/backoff.ts`, tests: rows },
  { file: 'packages/protocol/src/sanitize.ts', tests: ['packages/protocol/src/sanitize.test.ts'] },
]
