// What a page asks of the app, for both tabs alike.

/** Who is logged in; who is not goes to the login page, and comes back to what was asked for. */
export async function requireLogin(): Promise<string> {
  const answer = await fetch('/api/auth/status')
  const { authenticated, name } = (await answer.json()) as { authenticated: boolean; name?: string }
  if (authenticated) return name ?? ''
  location.replace(`/login.html${location.hash}`)
  return new Promise(() => {}) // this page is about to go: nothing more is to be asked
}

/** Sends a file to be imported under an id that is watched already. How it goes is told by the progress alone. */
export async function importFile(file: File, id: string): Promise<void> {
  const headers = { 'x-progress-id': id, 'x-filename': encodeURIComponent(file.name), 'content-type': 'text/csv' }
  try {
    await fetch('/api/imports', { method: 'POST', body: file, headers })
  } catch {
    // The connection broke, or the server hung up on a job that was cancelled: whoever watches sees which.
  }
}

/** A file of so many rows, made by the server on the fly. */
export async function sampleFile(rows: number): Promise<File> {
  const answer = await fetch(`/sample.csv?rows=${rows}`)
  return new File([await answer.blob()], `customers-${rows}.csv`, { type: 'text/csv' })
}

/** Begins a backup, or many small jobs. They show in the tray. */
export async function start(what: 'backups' | 'tidy-ups'): Promise<void> {
  await fetch(`/api/${what}`, { method: 'POST' })
}

/** How many rows all finished imports have brought; `undefined` where nobody answers just now. */
export async function countCustomers(): Promise<number | undefined> {
  try {
    const answer = await fetch('/api/customers')
    return ((await answer.json()) as { count: number }).count
  } catch {
    return undefined
  }
}
