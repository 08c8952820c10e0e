// What JSX may write of the elements, without importing React.
import type { ProgressClient } from './progressClient'
import type { ProgressTexts } from './texts'

interface Common {
  id?: string
  className?: string
  class?: string
  slot?: string
  lang?: string
  hidden?: boolean
  key?: string | number | null
  ref?: unknown
  children?: never
  label?: string
  url?: string
  endpoint?: string
  client?: ProgressClient
  texts?: Partial<ProgressTexts>
  'onprogress-end'?: (event: CustomEvent) => void
}

interface OfSession extends Common {
  'session-id'?: string | undefined
  sessionId?: string | null | undefined
}

/**
 * The elements' attributes and properties.
 * @example
 * declare module 'react' {
 *   namespace JSX {
 *     interface IntrinsicElements extends ProgressElementsJsx {}
 *   }
 * }
 */
export interface ProgressElementsJsx {
  'progress-modal': OfSession & {
    escape?: 'close' | 'cancel' | 'none'
    phases?: string | readonly string[]
    onclose?: (event: Event) => void
  }
  'progress-meter': OfSession
  'progress-tray': Common & {
    expanded?: boolean
    persistent?: boolean
    corner?: 'bottom-end' | 'bottom-start' | 'top-end' | 'top-start' | 'none'
    'onprogress-open'?: (event: CustomEvent<{ readonly sessionId: string }>) => void
  }
}
