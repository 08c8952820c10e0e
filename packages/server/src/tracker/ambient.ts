// The task that runs here, for code that was not handed one.
import { AsyncLocalStorage } from 'node:async_hooks'
import { track as passOn } from './iterate'
import type { Task, Track } from './task'

const storage = new AsyncLocalStorage<Task>()

/** Runs a body with this task as the current one, also behind its awaits. */
export function runWith<T>(task: Task, body: () => T): T {
  return storage.run(task, body)
}

/** The task of the job that runs here; `undefined` outside of one. */
export function currentTask(): Task | undefined {
  return storage.getStore()
}

/** `task.track` without the task in hand. Outside of a job it only passes the items on. */
export const track: Track = (<T>(source: never, options?: never) => {
  const task = currentTask()
  return task ? task.track<T>(source, options) : passOn<T>(source, undefined, options)
}) as Track
