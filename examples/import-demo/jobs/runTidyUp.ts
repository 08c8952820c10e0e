// One of many small pieces of work: so many boxes, one after the other.
import type { Task } from '@progress/server'

/** Tidies up. */
export async function runTidyUp(task: Task, shelf: string, boxes: number, rest: () => Promise<unknown>): Promise<void> {
  const all = Array.from({ length: boxes }, (_, box) => box)
  for (const box of task.track(all, { unit: 'boxes' })) {
    task.update({ message: `${shelf}, box ${box + 1}` })
    await rest()
  }
}
