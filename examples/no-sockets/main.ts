// `npm start -w example-no-sockets`: serves a report, starts it, follows it to its end, and is done.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from './adapter'
import { follow } from './follow'
import { handle, progress } from './handler'

const http = serve(handle).listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1')
await once(http, 'listening')
const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`

const { sessionId } = await (await fetch(`${url}/report`, { method: 'POST' })).json()
process.stdout.write(`${await follow(url, sessionId, (line) => process.stdout.write(`${line}\n`))}\n`)

await progress.close()
http.close()
