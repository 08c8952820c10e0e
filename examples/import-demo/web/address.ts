// The session that a page shows stands in its address: a reload shows the same, and so does whoever is given the link.

/** `#watch=ID` */
export function watchedId(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('watch') || null
}

/** Puts it there, without a step of history. */
export function rememberId(id: string | null): void {
  history.replaceState(null, '', id === null ? location.pathname : `#watch=${encodeURIComponent(id)}`)
}
