// `npm start -w example-cli -- URL ID` follows what runs there; without both it starts a backup of its own to follow.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serveBackup } from './backup'
import { follow } from './follow'

const [url, id] = process.argv.slice(2)
let status: string
if (url && id) {
  status = await follow(url, id)
} else {
  const backup = serveBackup(url === '--fail')
  backup.http.listen(0, '127.0.0.1')
  await once(backup.http, 'listening')
  status = await follow(`http://127.0.0.1:${(backup.http.address() as AddressInfo).port}`, 'nightly')
  await backup.close()
}
process.exitCode = status === 'completed' ? 0 : 1
