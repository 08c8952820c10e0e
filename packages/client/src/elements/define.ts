// Gives the elements their names. Doing it twice, or where there is no DOM, is harmless.
import { ProgressMeter } from './progressMeter'
import { ProgressModal } from './progressModal'
import { ProgressTray } from './progressTray'
import { type ClientFor, shareClients } from './sharedClient'
import { STYLES } from './styles'

/**
 * Defines `<progress-modal>`, `<progress-meter>` and `<progress-tray>`, as far as they are not defined yet: by a second copy
 * of this module, for instance. Does nothing where there is no DOM.
 * @param make the client of elements that are given none, by `url` and `endpoint`
 */
export function defineProgressElements(make: ClientFor): void {
  const registry = globalThis.customElements
  if (!registry) return
  // The classes are made here, for what they share must not lie at the level of a module.
  let made: CSSStyleSheet | undefined
  const sheet = (): CSSStyleSheet => {
    if (made) return made
    made = new CSSStyleSheet()
    made.replaceSync(STYLES)
    return made
  }
  const shared = { clientFor: shareClients(make), sheet }
  const elements = {
    'progress-modal': class extends ProgressModal {
      constructor() {
        super(shared)
      }
    },
    'progress-meter': class extends ProgressMeter {
      constructor() {
        super(shared)
      }
    },
    'progress-tray': class extends ProgressTray {
      constructor() {
        super(shared)
      }
    },
  }
  for (const [name, element] of Object.entries(elements)) registry.get(name) ?? registry.define(name, element)
}
