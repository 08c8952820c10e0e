// What a program does with each entry. A new entry has to be written here: an import alone proves little.

/** An entry -> an expression over its module `m` that is true where the entry works. It may be a promise, and `load` modules. */
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
  // Without a database there is a sentence, or calls that are rejected: neither keeps an app from starting.
  '@progress/server/sqlite': `(async (refused) => {
    const away = m.sqlite({ prepare() { throw new Error('locked') } })
    const said = await away.get(['a']).catch((error) => error.message)
    await away.close()
    return refused.name === 'TypeError' && refused.message.includes('new Database') && said === 'locked'
  })((() => {
    try { m.sqlite('progress.db') } catch (error) { return error }
  })())`,
  '@progress/server/redis': `(async (refused) => {
    const none = () => {}
    const call = () => Promise.reject(new Error('away'))
    const away = m.redis({ call, duplicate: none, subscribe: none, disconnect: none })
    const said = await away.get(['a']).catch((error) => error.message)
    await away.close()
    return refused.name === 'TypeError' && refused.message.includes('new Redis()') && said === 'away'
  })((() => {
    try { m.redis('redis://localhost') } catch (error) { return error }
  })())`,
  '@progress/server/testing': `(async (test) => {
    const job = test.tracker.run('backup', { owner: 7 }, () => 1)
    await job
    const isDone = test.history(job.id).length === 2
    await test[Symbol.asyncDispose]()
    return isDone
  })(m.createTestProgress())`,
  '@progress/server/conformance': `m.backendContract(() => { throw new Error('not made') }).length > 10
    && m.deliveryContract({ backend: () => { throw new Error('not made') } }).length > 5`,
  '@progress/client': `(async (client) => {
    const { state } = client.watch('a')
    const isDialling = state.status === 'waiting' && client.connection.status === 'connecting'
    client.close()
    return isDialling && client.connection.status === 'closed' && m.isProgressError(new m.ProgressError('CANCELLED', 'no'))
  })(new m.WebSocketClient({ url: 'http://127.0.0.1:9' }))`,
  '@progress/client/react': `(async (modules) => {
    const [{ createElement }, { renderToString }, { WebSocketClient }] = await modules
    const Bar = () => m.useProgress('a').status + m.useMyProgress().sessions.length + m.useConnection().status
    const tree = createElement(m.ProgressProvider, { client: new WebSocketClient() }, createElement(Bar))
    return renderToString(tree) === 'waiting0idle'
  })(Promise.all(['react', 'react-dom/server', '@progress/client'].map(load)))`,
  '@progress/client/testing': `(async (fake) => {
    const session = fake.session('backup')
    const watch = fake.client.watch(session.id)
    await fake.clock.advance(0)
    session.complete(undefined)
    await fake.clock.advance(0)
    fake.client.close()
    return watch.state.status === 'completed'
  })(m.createFakeProgress())`,
  '@progress/client/conformance': `m.transportContract(() => { throw new Error('not made') }).length > 10`,
  // It exports types only: where there is no DOM, to be imported without harm is all it has to do.
  '@progress/client/elements': `!('customElements' in globalThis) && typeof m === 'object'`,
}

/** An entry -> the optional peer without which it cannot be loaded. All others load without any. */
export const NEEDS: Readonly<Record<string, string>> = {
  '@progress/client/react': 'react',
}

/** The peers of the packages, in the versions to check with, and what their uses above need beside them. */
export const PEERS: Readonly<Record<string, string>> = {
  'fast-check': '4.10.2',
  'socket.io': '4.8.4',
  ioredis: '6.0.0',
  redis: '6.3.1',
  react: '19.3.1',
  'react-dom': '19.3.1',
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
