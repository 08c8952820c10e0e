// The page without a framework: ready elements, and one client for all of them. This is the file to copy from.
import '@progress/client/elements'
import { type End, WebSocketClient } from '@progress/client'
import type { Operations } from './operations'
import { rememberId, watchedId } from './web/address'
import { find } from './web/find'
import { connectionWords, resultWords } from './web/words'
import { countCustomers, importFile, requireLogin, sampleFile, start } from './web/work'

const client = new WebSocketClient()
const modal = find('progress-modal')
const meter = find('progress-meter')
const badge = find('output', 'connection')
const summary = find('output', 'summary')
for (const element of [modal, meter, find('progress-tray')]) element.client = client

client.on('connectionChange', (connection) => {
  badge.value = connectionWords(connection)
  badge.dataset['status'] = connection.status
})

function show(id: string | null): void {
  rememberId(id)
  modal.sessionId = meter.sessionId = id
  meter.hidden = id === null
}

async function count(): Promise<void> {
  const rows = await countCustomers()
  if (rows !== undefined) find('output', 'count').value = rows.toLocaleString('en')
}

async function begin(file: File): Promise<void> {
  const id = crypto.randomUUID()
  summary.value = ''
  show(id) // before the upload: that it waits is shown, too
  await importFile(file, id)
}

find('button', 'sample').onclick = async () => begin(await sampleFile(50_000))
find('button', 'backup').onclick = () => start('backups')
find('button', 'many').onclick = () => start('tidy-ups')
find('input', 'file').onchange = ({ currentTarget }) => {
  const [file] = (currentTarget as HTMLInputElement).files ?? []
  if (file) void begin(file)
}
find('form', 'watch').onsubmit = (event) => {
  event.preventDefault()
  show(find('input', 'id').value.trim() || null)
}
document.addEventListener('progress-end', (event) => {
  const end = event.detail as End<Operations>
  if (end.status === 'completed' && end.operation === 'csv-import') summary.value = resultWords(end.result)
  void count()
})

find('output', 'user').value = await requireLogin()
show(watchedId())
await count()
