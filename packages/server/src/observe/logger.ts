// Signals as log lines: any structured logger will do. What comes from outside is never part of a line's text.
import type { Signal } from './signals'

/** The part of pino, winston and the like that is used. */
export interface Logger {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

const LEVELS: Readonly<Record<Signal['name'], keyof Logger | null>> = Object.freeze({
  advice: 'warn',
  made: 'info',
  changed: null, // ten a second per session: for metrics, not for a log
  ended: 'info',
  'job-failed': 'error',
  dropped: 'warn',
  connected: 'info',
  disconnected: 'info',
  joined: 'info',
  refused: 'warn',
  slow: 'warn',
  'handler-failed': 'error',
  'store-failed': 'error',
})

/** A listener that writes each signal as one line: its name as text, all else as fields. */
export function logSignals(logger: Logger): (signal: Signal) => void {
  return ({ name, ...fields }) => {
    const level = LEVELS[name]
    if (level) logger[level](fields, `progress: ${name}`)
  }
}
