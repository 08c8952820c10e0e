// A page's day: it goes offline and online, is hidden and shown, is put aside and fetched back.

/** What is heard of it. */
export interface Day {
  /** A network is back, or somebody looks again: what is shown may be old. */
  woke(): void
  /** The page is put aside whole; a connection would keep it from that. */
  slept(): void
  /** It was fetched back as it was. */
  returned(): void
}

/** Listens; the answer stops it. Where there is no page nothing is heard. */
export function watchDay(day: Day): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {}
  const shown = (): void => {
    if (document.visibilityState === 'visible') day.woke()
  }
  const online = (): void => day.woke()
  const hidden = (event: PageTransitionEvent): void => {
    if (event.persisted) day.slept()
  }
  const fetched = (event: PageTransitionEvent): void => {
    if (event.persisted) day.returned()
  }
  window.addEventListener('online', online)
  document.addEventListener('visibilitychange', shown)
  window.addEventListener('pagehide', hidden)
  window.addEventListener('pageshow', fetched)
  return () => {
    window.removeEventListener('online', online)
    document.removeEventListener('visibilitychange', shown)
    window.removeEventListener('pagehide', hidden)
    window.removeEventListener('pageshow', fetched)
  }
}
