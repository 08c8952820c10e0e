// What a program does with each entry. A new entry has to be written here: an import alone proves little.

/** An entry -> an expression over its module `m` that is true where the entry works. It may be a promise. */
export const USES: Readonly<Record<string, string>> = {
  '@progress/protocol': `m.decode('progress-gone', { sessionId: 'a', code: 'NOT_FOUND' }).ok
    && !m.decode('progress-gone', { sessionId: 7 }).ok
    && m.defineOperation('backup').kind === 'backup'`,
  '@progress/protocol/wire': `m.isProgressError(new m.ProgressError('OPERATION_FAILED', 'no'))
    && m.isSessionId('a') && !m.isSessionId('a b')`,
  '@progress/protocol/schema': `m.diffSchemas(m.jsonSchemas(), m.jsonSchemas()).length === 0 && JSON.stringify(m.asyncApi()).length > 1000`,
  '@progress/protocol/testing': `new m.ManualClock().advance(5).then(() => m.buildSnapshot('completed').progress === 100)`,
  '@progress/server': `(async (tracker) => {
    const job = tracker.run('backup', { owner: 7 }, (task) => (task.advance(), 'done'))
    const isDone = (await job) === 'done' && tracker.getSession(job.id).status === 'completed'
    await tracker.close()
    return isDone
  })(new m.ProgressTracker())`,
  '@progress/server/testing': `(async (test) => {
    const job = test.tracker.run('backup', { owner: 7 }, () => 1)
    await job
    const isDone = test.history(job.id).length === 2
    await test[Symbol.asyncDispose]()
    return isDone
  })(m.createTestProgress())`,
  '@progress/server/conformance': `m.backendContract(() => { throw new Error('not made') }).length > 10`,
  '@progress/client': `m.isProgressError(new m.ProgressError('CANCELLED', 'no')) && !m.isProgressError(new Error('no'))`,
}

/** An entry -> the optional peer without which it cannot be loaded. All others load without any. */
export const NEEDS: Readonly<Record<string, string>> = {
  '@progress/client/react': 'react',
}

/** The peers of the packages, in the versions to check with. */
export const PEERS: Readonly<Record<string, string>> = {
  'socket.io': '4.8.4',
  react: '19.3.1',
}

/** Entries of which nobody has said what a program does with them, and the other way about; the same of peers. */
export function unlisted(entries: readonly string[], peers: readonly string[]): string[] {
  return [
    ...entries.filter((entry) => !USES[entry]).map((entry) => `${entry} is not in USES`),
    ...Object.keys(USES)
      .filter((entry) => !entries.includes(entry))
      .map((entry) => `${entry} is in USES, and not in the exports of its package`),
    ...peers.filter((peer) => !PEERS[peer]).map((peer) => `the peer ${peer} is not in PEERS`),
  ]
}
