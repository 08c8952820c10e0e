// On a server, where there is no page: this file runs in plain Node.
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { WebSocketClient } from '../index'
import { ProgressProvider, useConnection, useMyProgress, useProgress } from './index'

const All = () => {
  const [some, none, mine] = [useProgress('x'), useProgress(null), useMyProgress()]
  return (
    <i>{`${some.status} ${some.progress} ${none.status} ${mine.status} ${mine.sessions.length} ${useConnection().status}`}</i>
  )
}

it('renders what is known before anything is known, and dials nothing', async () => {
  expect(typeof window).toBe('undefined')
  const client = new WebSocketClient({ url: 'https://app.example' })
  const html = renderToString(
    <ProgressProvider client={client}>
      <All />
    </ProgressProvider>,
  )
  expect(html).toBe('<i>waiting 0 idle waiting 0 idle</i>')
  await null
  expect(client.connection.status).toBe('idle')
  client.close()
})

it('renders the same while a session is known already, for the page begins there too', async () => {
  const client = new WebSocketClient({ url: 'https://app.example' })
  const watch = client.watch('x')
  client.close()
  const html = renderToString(
    <ProgressProvider client={client}>
      <All />
    </ProgressProvider>,
  )
  expect(html).toBe('<i>waiting 0 idle waiting 0 idle</i>')
  watch.leave()
})
