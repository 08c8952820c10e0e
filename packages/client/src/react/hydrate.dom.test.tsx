// A page that came from a server and wakes up.
import { act, render } from '@testing-library/react'
import { type ReactElement, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import { useConnection, useProgress } from './index'
import { play } from './play.test-kit'

const Bar = ({ id }: { id: string }): ReactElement => {
  const { status, progress, connection } = useProgress(id)
  return <i title={useConnection().status}>{`${status} ${progress} ${connection.status}`}</i>
}

/** Mounts onto HTML that a server has made; what React complained of. */
async function hydrate(html: string, tree: ReactElement): Promise<{ container: HTMLElement; complaints: unknown[] }> {
  const container = document.createElement('div')
  container.innerHTML = html
  document.body.append(container)
  const complaints: unknown[] = []
  const spy = vi.spyOn(console, 'error').mockImplementation((...said) => complaints.push(said))
  const onRecoverableError = (error: unknown): void => void complaints.push(error)
  await act(async () => render(tree, { container, hydrate: true, onRecoverableError }))
  spy.mockRestore()
  return { container, complaints }
}

it('begins as the server had it, although the client knows more by then, and goes on from there', async () => {
  const { client, session, settled, Around } = play()
  const job = session('backup')
  job.update({ progress: 40 })
  const tree = (
    <StrictMode>
      <Around>
        <Bar id={job.id} />
      </Around>
    </StrictMode>
  )
  const html = renderToString(tree)
  expect(html).toBe('<i title="idle">waiting 0 idle</i>')
  const early = client.watch(job.id)
  await settled()
  expect(early.state.progress).toBe(40)

  const { container, complaints } = await hydrate(html, tree)
  expect(complaints).toEqual([])
  await settled()
  expect(container.innerHTML).toBe('<i title="connected">active 40 connected</i>')
  early.leave()
})

it('twin: a component that reads the client while it renders does not match', async () => {
  const { client, connection, settled } = play()
  const Reads = (): ReactElement => <i>{client.connection.status}</i>
  const html = renderToString(<Reads />)
  connection('connected')
  await settled()
  const { complaints } = await hydrate(html, <Reads />)
  expect(complaints).not.toEqual([])
})
