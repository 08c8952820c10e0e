// Kinds of commands: what one is, and how those of jobs, of viewers and of processes are made.
import type { Life } from './life'
import type { Seat } from './seat'
import { IDS, type World } from './world'

/** What commands are about; each run has some of it, so that what belongs together comes together. */
export type Theme = 'job' | 'pace' | 'way' | 'store' | 'process' | 'login'

/** What is in one run: always jobs and who watches them, and then all of the rest, or a part of it. */
export const MIXTURES: readonly (readonly Theme[])[] = [
  ['job', 'pace', 'way', 'store', 'process', 'login'],
  ['job', 'pace'],
  ['job', 'way'],
  ['job', 'login'],
  ['job', 'way', 'login'],
  ['job', 'store'],
  ['job', 'store'],
  ['job', 'pace', 'store'],
  ['job', 'pace', 'store'],
  ['job', 'pace', 'store'],
  ['job', 'pace', 'store', 'process'],
]

/** What a command is. */
export interface Kind {
  readonly theme: Theme
  /** How often it comes, among the others. */
  readonly weight: number
  /** For each of its numbers: the most it can be. */
  readonly most: readonly number[]
  /** Does it make sense now? Default: always. */
  may?(world: World, ...numbers: number[]): boolean
  run(world: World, ...numbers: number[]): void | Promise<void>
}

/** Something that a job does. */
export function job(
  weight: number,
  most: readonly number[],
  run: (world: World, life: Life, number: number) => void,
): Kind {
  return {
    theme: 'job',
    weight,
    most: [1, ...most],
    may: (world, id) => lifeOf(world, id)?.host.isUp === true,
    run: (world, id, number = 0) => run(world, lifeOf(world, id) as Life, number),
  }
}

/** Something that happens to a viewer. */
export function seat(
  theme: Theme,
  weight: number,
  most: readonly number[],
  run: (world: World, seat: Seat, number: number) => void,
  may: (seat: Seat, number: number) => boolean = () => true,
): Kind {
  const of = (world: World, at = 0): Seat => world.seats[at] as Seat
  return {
    theme,
    weight,
    most: [1, ...most],
    may: (world, at, number = 0) => may(of(world, at), number),
    run: (world, at, number = 0) => run(world, of(world, at), number),
  }
}

/** Something goes wrong on the way of a viewer. */
export function fault(weight: number, run: (seat: Seat) => void): Kind {
  return seat(
    'way',
    weight,
    [],
    (world, one) => {
      world.disturb()
      run(one)
    },
    (one) => one.isClean,
  )
}

/** Only what is held can be meddled with. */
export function meddle(how: 'duplicate' | 'reorder' | 'lose'): Kind {
  return seat(
    'way',
    8,
    [],
    (_, one) => one.meddle(how),
    (one) => one.way.isHeld && one.inFlight > 0,
  )
}

/** Something that happens to a process. */
export function host(weight: number, run: (world: World, at: number) => void): Kind {
  return { theme: 'store', weight, most: [1], may: isUp, run: (world, at) => run(world, at ?? 0) }
}

/** The id of this number. */
export function idOf(id = 0): string {
  return IDS[id] ?? 'a'
}

/** The newest life of an id. */
export function lifeOf(world: World, id?: number): Life | undefined {
  return world.current.get(idOf(id))
}

/** Is a process there? */
export function isUp(world: World, at = 0): boolean {
  return world.hosts[at]?.isUp === true
}
