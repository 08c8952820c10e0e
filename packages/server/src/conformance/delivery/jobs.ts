// What jobs do in the model: begin, say, write, end, fail an attempt and go on with the next.
import { isEnd } from '@progress/protocol'
import { type Ending, Life } from './life'
import type { World } from './world'

/** The throw of a job that fails. */
class Failed extends Error {}

/** Begins a session: one that a job runs, or one that is made and written by hand. The same id again is a new life. */
export function start(world: World, sessionId: string, at: number, isRun: boolean): void {
  const host = world.hosts[at]
  if (!host?.isUp) return
  const before = world.current.get(sessionId)
  const isKnown = !before || before.isStored || !before.host.isUp
  if (areAllWell(world) && isKnown) world.muddled.delete(sessionId)
  else if (before) world.muddled.add(sessionId)
  const life = new Life(sessionId, 'ada', world.lives.length, host, isRun, world.clock.now())
  world.lives.push(life)
  world.current.set(sessionId, life)
  const metadata = { life: life.number, stamp: 0 }
  if (isRun) run(life, 1, metadata)
  else host.tracker.createSessionWithId(sessionId, metadata, { owner: life.owner })
}

/** Says how far it is. After the end it is told that it was not heard. */
export function update(world: World, life: Life, progress: number): void {
  const { tracker } = life.host
  if (life.end) {
    if (life.isRun) return
    const isHeard = tracker.updateProgress(life.sessionId, progress, 'late', { stamp: -1 })
    world.tally.check('G5 final', !isHeard, () => `an update after the end of ${life.sessionId} is taken`)
    return
  }
  if (!isAtWork(life)) return
  const stamp = life.say(world.clock.now(), progress, `m${life.said.length}`)
  const message = `m${stamp}`
  if (life.job) life.job.task.update({ progress, message, metadata: { stamp } })
  else isTaken(life, tracker.updateProgress(life.sessionId, progress, message, { stamp }))
}

/** Ends by itself. A second end is told that it is none. */
export function finish(world: World, life: Life, how: Ending): void {
  if (life.end) {
    if (life.isRun) return
    world.tally.check('G5 final', !endByHand(life, how, -1), () => `a second end of ${life.sessionId} is taken`)
    return
  }
  if (!isAtWork(life)) return
  const stamp = life.say(world.clock.now(), 0, undefined, how)
  if (!life.job || how === 'error') {
    isTaken(life, endByHand(life, how, stamp))
    return
  }
  const { job } = life
  job.task.update({ metadata: { stamp } })
  if (how === 'completed') job.resolve()
  else void life.host.tracker.requestCancel(life.sessionId)
}

/** Writes a line of output. */
export function write(life: Life, text: string): void {
  if (isAtWork(life)) life.job?.task.log(text)
}

/** An attempt fails that is not the last: it is queued again. One that somebody has cancelled would not be. */
export function failAttempt(world: World, life: Life): void {
  if (life.end || !life.job || !isAtWork(life) || world.asked.has(life.sessionId)) return
  life.isQueued = true
  life.saidAt = world.clock.now()
  life.job.reject(new Failed('once more'))
  life.job = undefined
}

/** The next attempt begins, in whichever process. */
export function nextAttempt(world: World, life: Life, at: number): void {
  const host = world.hosts[at]
  if (!host?.isUp || !life.isQueued) return
  life.isQueued = false
  life.host = host
  const stamp = life.say(world.clock.now(), 0, undefined)
  run(life, 2, { life: life.number, stamp })
}

function run(life: Life, number: number, metadata: { readonly life: number; readonly stamp: number }): void {
  const { host, sessionId, owner } = life
  const options = { id: sessionId, owner, metadata, attempt: { number, of: number + 1 } }
  void host.tracker
    .run('work', options, (task) => {
      return new Promise<void>((resolve, reject) => {
        life.job = { task, resolve, reject }
        task.signal.addEventListener('abort', () => reject(task.signal.reason), { once: true })
      })
    })
    .catch(() => {})
}

/** What is said now reaches everybody at once. */
export function areAllWell({ hosts }: World): boolean {
  return hosts.every(({ isUp, line }) => !isUp || (line.health === 'well' && !line.isSlow && line.delayed === 0))
}

/** Is somebody there who could say something? One whose process is gone, or who was given up, is not. */
function isAtWork(life: Life): boolean {
  if (!life.host.isUp || life.isQueued || !life.isBegun) return false
  const cell = life.host.tracker['~node'].sessions.get(life.sessionId)
  return cell !== undefined && !isEnd(cell.snapshot) && cell.snapshot.metadata['life'] === life.number
}

/** What is not taken was not said; `World` looks for whether it should have been. */
function isTaken(life: Life, taken: boolean): void {
  if (!taken) life.said.pop()
}

function endByHand({ host: { tracker }, sessionId }: Life, how: Ending, stamp: number): boolean {
  if (how === 'completed') return tracker.completeSession(sessionId, undefined, { stamp })
  if (how === 'cancelled') {
    tracker.updateProgress(sessionId, 0, undefined, { stamp })
    return tracker.cancelSession(sessionId)
  }
  tracker.updateProgress(sessionId, 0, undefined, { stamp })
  return tracker.errorSession(sessionId, 'failed')
}
