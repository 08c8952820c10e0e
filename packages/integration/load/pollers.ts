// Clients that ask again and again, in a process of their own: each asks for its session every so often and says what it has.
// Arguments: port, how many, every so many milliseconds, for so many seconds, ids. Answers how often each status came.
import { Agent, get } from 'node:http'
import { paced } from '../bench/paced'

const [port = '', count = '', everyMs = '', seconds = '', ...ids] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true })
const tags: (string | undefined)[] = []
const statuses: Record<string, number> = {}
const answers: Promise<void>[] = []

function poll(index: number): Promise<void> {
  const tag = tags[index]
  const headers = { authorization: `Bearer user${index}`, ...(tag !== undefined && { 'if-none-match': tag }) }
  return new Promise((resolve, reject) => {
    const path = `/api/progress/${ids[index % ids.length]}`
    get({ host: '127.0.0.1', port, path, headers, agent }, (response) => {
      const status = String(response.statusCode)
      statuses[status] = (statuses[status] ?? 0) + 1
      tags[index] = response.headers.etag ?? tag
      response.resume().once('end', resolve)
    }).once('error', reject)
  })
}

process.on('message', () => {
  void paced({ count: Number(count), everyMs: Number(everyMs), seconds: Number(seconds) }, (index) => {
    answers.push(poll(index))
  })
    .then(() => Promise.all(answers))
    .then(() => process.send?.(statuses, () => process.exit()))
})
// The parent is gone.
process.on('disconnect', () => process.exit())
