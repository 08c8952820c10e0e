// The import: upload, parse, insert, index. Its file is read twice as a stream, so that a bad file changes nothing and a large
// one fits. Whatever goes wrong, and whoever cancels: its rows are taken back.
import { rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { MetadataOf, PhaseOf, ResultOf } from '@progress/protocol'
import { ProgressError, type Task } from '@progress/server'
import type { Customers } from '../data/customers'
import type { importCsv } from '../operations'
import { type Batch, csvBatches } from './csvBatches'
import { saveUpload, type Upload } from './saveUpload'

/** What an import works on. */
export interface ImportParts {
  readonly customers: Customers
  readonly owner: number
  readonly filename: string
  /** Where the file is kept until the end. */
  readonly path: string
  /** Absent: it was saved before this process began. */
  readonly upload?: Upload
  /** SQLite's calls are synchronous: between two batches others get their turn. */
  rest(): Promise<unknown>
}

type ImportTask = Task<MetadataOf<typeof importCsv>, PhaseOf<typeof importCsv>>

type CheckTask = Pick<ImportTask, 'track' | 'log' | 'update'>

/** Runs it. Throws `SQLITE_BUSY` where somebody else holds the database. */
export async function runImport(task: ImportTask, parts: ImportParts): Promise<ResultOf<typeof importCsv>> {
  const { customers, owner, filename, path, upload, rest } = parts
  try {
    customers.begin(task.id, owner, filename)
    task.update({ message: `Receiving ${filename}` })
    const lines = upload && (await task.phase('upload', () => saveUpload(upload, path, rest)))
    customers.saved(task.id)
    task.update({ message: 'Checking every row' })
    const { good, rejected } = await task.phase('parse', (phase) => check(phase, path, lines, rest))
    task.update({ message: 'Writing to the database' })
    await task.phase('insert', (phase) => insert(phase, parts, good))
    const { inserted, countries } = await task.phase('index', (phase) => phase.shield(() => customers.finish(task.id)))
    task.update({ message: `${filename} is in the database.` })
    return { inserted, rejected, countries }
  } catch (error) {
    task.update({ message: 'Taking back what was written' })
    await takeBack(customers, task.id)
    throw said(error)
  } finally {
    await rm(path, { force: true })
  }
}

/** Reads all of it before anything is written. */
async function check(task: CheckTask, path: string, lines: number | undefined, rest: ImportParts['rest']) {
  let accepted = 0
  let rejected = 0
  const size = ({ good, bad }: Batch): number => good.length + bad.length
  const batches = task.track(csvBatches(path), { unit: 'rows', size, ...(lines && { total: lines - 1 }) })
  for await (const { good, bad } of batches) {
    accepted += good.length
    rejected += bad.length
    for (const { line, why } of bad) task.log(`Line ${line}: ${why}`, 'warn')
    task.update({ metadata: { rejected } })
    await rest()
  }
  if (accepted > 0) return { good: accepted, rejected }
  throw new ProgressError('VALIDATION_FAILED', 'The file has no row that can be imported.', { details: { rejected } })
}

async function insert(task: Pick<Task, 'id' | 'track'>, { customers, path, rest }: ImportParts, total: number) {
  const size = ({ good }: Batch): number => good.length
  for await (const { good } of task.track(csvBatches(path), { total, unit: 'rows', size })) {
    customers.insert(task.id, good)
    await rest()
  }
}

/** The end is told when nothing is left. A lock that stays leaves it to the next start: what is not finished does not count. */
async function takeBack(customers: Customers, id: string): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    try {
      return customers.takeBack(id)
    } catch {
      await pause(250)
    }
  }
}

/** Only a `ProgressError` is told to the viewers in its own words. */
function said(error: unknown): unknown {
  const isBusy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
  if (!isBusy || error instanceof ProgressError) return error
  return new ProgressError('SQLITE_BUSY', 'Somebody else is writing to the database.', {
    retryable: true,
    cause: error,
  })
}
