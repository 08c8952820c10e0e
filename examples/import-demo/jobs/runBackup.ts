// The backup: a copy of the database, then the copy compressed, by bytes.
import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Task } from '@progress/server'
import type { Customers } from '../data/customers'

/** Writes `PATH.gz`. Answers its size. */
export async function runBackup(task: Task, customers: Customers, path: string, rest: () => Promise<unknown>) {
  const compressed = `${path}.gz`
  try {
    task.update({ message: 'Copying', indeterminate: true })
    customers.copyTo(path)
    const { size } = await stat(path)
    task.update({ message: 'Compressing', indeterminate: false })
    const chunks = createReadStream(path) as AsyncIterable<Buffer>
    const counted = task.track(chunks, { total: size, unit: 'bytes', size: (chunk) => chunk.length })
    await pipeline(Readable.from(slowly(counted, rest)), createGzip(), createWriteStream(compressed))
    return { bytes: (await stat(compressed)).size }
  } catch (error) {
    await rm(compressed, { force: true })
    throw error
  } finally {
    await rm(path, { force: true })
  }
}

async function* slowly(chunks: AsyncIterable<Buffer>, rest: () => Promise<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk
    await rest()
  }
}
