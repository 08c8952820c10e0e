// The page: a button that starts a backup, a dialog that shows it, and a tray with all that is mine.
import '@progress/client/elements'

const start = document.querySelector<HTMLButtonElement>('#start')
const modal = document.querySelector('progress-modal')

start?.addEventListener('click', async () => {
  const answer = await fetch('/backup', { method: 'POST' })
  if (answer.status === 401) return void location.reload()
  const { sessionId } = await answer.json()
  if (modal) modal.sessionId = sessionId
})
