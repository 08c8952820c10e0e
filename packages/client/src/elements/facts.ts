// From a state to the lines that are shown of it. Never throws, whatever a peer sent.
import type { Snapshot } from '@progress/protocol/wire'
import type { Connection } from '../connection/status'
import type { WatchState } from '../sessions/watchState'
import type { Seen } from './announce'
import { type Format, isBytes } from './format'
import { amountOf, isEnd, joinTexts, numberOf, textOf } from './reading'
import type { ProgressTexts } from './texts'

/** `wait`: nothing happens yet. `run`: it works. `warn`: perhaps not. The rest are ends; `bad` also is a refusal. */
export type Tone = 'wait' | 'run' | 'warn' | 'ok' | 'bad' | 'off'

/** What is known beside the state. */
export interface Setting {
  readonly connection: Connection['status']
  readonly seen: Seen
  readonly texts: ProgressTexts
  readonly format: Format
  /** The heading; empty: the operation's. */
  readonly label: string
  /** Cancelling was asked for here, and the server has not shown it yet. */
  readonly isAsked: boolean
  /** Why cancelling was refused; empty: it was not. */
  readonly refusal: string
}

/** Texts to show; an empty one is not shown. */
export interface Lines {
  readonly title: string
  /** How it stands, in a sentence. */
  readonly line: string
  /** The same where there is room for one line only: what went wrong comes first. */
  readonly brief: string
  /** Last words of the job. */
  readonly note: string
  readonly value: string
  readonly eta: string
  readonly units: string
  readonly rate: string
  readonly phase: string
  /** About the connection. */
  readonly connection: string
  /** About the work. */
  readonly notice: string
  readonly failure: string
  /** Code and reference. */
  readonly code: string
  /** Of the button; empty: it cannot be cancelled at all. */
  readonly cancel: string
  readonly close: string
  readonly log: string
}

/** All that is shown of a state. */
export interface Facts extends Lines {
  readonly tone: Tone
  /** Words for the style sheet: the tone, and `over`, `still` (nothing moves), `busy` (no percentage). */
  readonly mood: string
  /** 0..100; `undefined`: how far it is, is not known. */
  readonly percent: number | undefined
  readonly isOver: boolean
  readonly canCancel: boolean
}

const BROKEN: readonly string[] = ['reconnecting', 'refused', 'closed']
const NOTHING = { rate: '', eta: '', notice: '', cancel: '', canCancel: false, failure: '', code: '' }

/** The lines of a state. */
export function factsOf(state: WatchState, setting: Setting): Facts {
  const { texts, format, label } = setting
  const known = 'epoch' in state ? (state as Snapshot) : undefined
  const isOver = isEnd(state)
  const connection = isOver ? 'idle' : setting.connection // after the end nothing comes, by whatever connection
  const [mood, line] = connection === 'refused' ? (['bad', texts.refused] as const) : moodOf(state, setting)
  const percent = percentOf(known)
  const lines = { ...NOTHING, ...ofActive(known, setting), ...failureOf(known, texts) }
  return {
    tone: mood.split(' ')[0] as Tone,
    mood: `${mood}${percent === undefined ? ' busy' : ''}${BROKEN.includes(connection) ? ' still' : ''}`,
    ...{ percent, isOver, line },
    brief: lines.failure || lines.notice || (connection === 'reconnecting' ? texts.reconnecting : line),
    title: label || texts.title(textOf(known?.operation)),
    note: noteOf(known),
    value: percent === undefined ? '' : format.percent(percent),
    units: unitsOf(known, setting),
    phase: textOf(known?.phase),
    connection: aboutConnection(connection, texts),
    close: isOver || connection === 'refused' ? texts.close : texts.hide,
    log: texts.log,
    ...lines,
  }
}

/** The tone with its further words, and the sentence. */
function moodOf(state: WatchState, { texts, format }: Setting): readonly [mood: string, line: string] {
  switch (state.status) {
    case 'completed':
      return ['ok over still', texts.completed(amountOf(state.duration) ? format.duration(state.duration) : '')]
    case 'error':
      return ['bad over still', texts.failed]
    case 'cancelled':
      return ['off over still', texts.cancelled]
    case 'gone':
      return ['off over still', texts.gone]
    case 'active':
      if (state.queued) return ['wait still', texts.queued(numberOf(state.attempt))]
      return [
        state.worker === 'lost' ? 'warn still' : 'run',
        textOf(state.message) || textOf(state.phase) || texts.working,
      ]
    default:
      return ['wait', state.status === 'idle' ? '' : texts.waiting]
  }
}

function percentOf(known: Snapshot | undefined): number | undefined {
  if (known?.status === 'completed') return 100
  const isUnknown = !known || known.indeterminate || ('queued' in known && known.queued)
  return isUnknown ? undefined : Math.min(100, numberOf(known.progress))
}

function noteOf(known: Snapshot | undefined): string {
  if (known?.status === 'cancelled') return textOf(known.reason)
  return known?.status === 'completed' ? textOf(known.message) : ''
}

function unitsOf(known: Snapshot | undefined, { texts, format }: Setting): string {
  const current = amountOf(known?.current)
  if (current === undefined) return ''
  const unit = textOf(known?.unit)
  const total = amountOf(known?.total)
  if (total === undefined) return texts.units(format.amount(current, unit), '')
  return texts.units(format.amount(current, isBytes(unit) ? unit : ''), format.amount(total, unit))
}

function ofActive(known: Snapshot | undefined, setting: Setting): Partial<typeof NOTHING> {
  if (known?.status !== 'active') return {}
  const { seen, texts, format, isAsked, refusal } = setting
  const { worker, cancellable } = known
  const isLost = worker === 'lost' // then it is no longer true how fast it was
  const rate = isLost ? 0 : amountOf(known.ratePerSecond)
  const eta = isLost ? 0 : amountOf(known.etaMs)
  const isRequested = isAsked || !!known.cancelRequested
  const mayCancel = cancellable ? texts.cancel : seen.wasCancellable ? texts.shielded : ''
  return {
    rate: rate ? texts.rate(format.amount(rate, textOf(known.unit))) : '',
    eta: eta ? texts.eta(format.duration(eta)) : '',
    notice: refusal || (isLost ? texts.lost : worker === 'quiet' ? texts.quiet : ''),
    cancel: isRequested ? texts.cancelling : mayCancel,
    canCancel: !isRequested && !!cancellable,
  }
}

function failureOf(known: Snapshot | undefined, texts: ProgressTexts): Partial<typeof NOTHING> {
  if (known?.status !== 'error') return {}
  const { code, message, reference, retryable } = Object(known.error) as Record<string, unknown>
  const at = textOf(reference)
  return {
    failure: joinTexts(' ', textOf(message) || texts.failed, retryable === true && texts.retryable),
    code: joinTexts(' · ', textOf(code), at && texts.reference(at)),
  }
}

function aboutConnection(status: Connection['status'], texts: ProgressTexts): string {
  if (status === 'polling') return texts.polling
  if (status === 'refused') return texts.refusedHint
  return status === 'reconnecting' ? texts.reconnecting : ''
}
