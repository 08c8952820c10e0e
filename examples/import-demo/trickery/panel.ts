// The buttons that break things. They speak to the front door; what they say is what the library then does.
import { watchedId } from '../web/address'

interface Trick {
  readonly id: string
  readonly label: string
  readonly says: string
  readonly run: () => unknown
}

const ask = (path: string): Promise<Response> => fetch(`/demo/${path}`, { method: 'POST' })

const TRICKS: readonly Trick[] = [
  {
    id: 'restart',
    label: 'Kill the server in mid-import',
    says:
      'SIGKILL, and a new process. The page reconnects by itself. An import whose file was saved begins anew under the same ' +
      'id, in a new epoch: the bar may step back, because the work did. Other work ends as INTERRUPTED as soon as its ' +
      'process has been silent for 30 s. No bar stays at 43 % for ever.',
    run: () => ask('restart'),
  },
  {
    id: 'lock',
    label: 'Lock the database for 3 s',
    says: 'The next batch fails with SQLITE_BUSY. The viewer gets this code and a sentence, never SQL, a path or a stack.',
    run: () => ask('lock?ms=3000'),
  },
  {
    id: 'cut',
    label: 'Kill the connection',
    says: 'All connections of this browser are reset. The client dials at once, joins again, and gets the newest state.',
    run: () => ask('cut'),
  },
  {
    id: 'offline',
    label: 'Go offline for 8 s',
    says: 'Nothing gets through. “Reconnecting” is shown, the work goes on, and afterwards one round trip brings the present.',
    run: () => ask('offline?ms=8000'),
  },
  {
    id: 'logout',
    label: 'Log out in another tab',
    says: 'Opens the page to log out. From then on this page hears nothing more, within a second, and says that it was refused.',
    run: () => open('/logout.html', '_blank'),
  },
  {
    id: 'other',
    label: 'Open as another user',
    says:
      'The same app under its other name, where this login does not count: log in as bob there, and watch this very id. ' +
      '“Not yours” and “not there” are one answer.',
    run: () => open(otherHost(), '_blank'),
  },
  {
    id: 'window',
    label: 'These buttons in a window of their own',
    says: 'For when the dialog is open: the page below it cannot be clicked then.',
    run: () => open('/panel.html', 'panel', 'width=460,height=900'),
  },
]

const BLOCKS: readonly (readonly [value: string, label: string])[] = [
  ['nothing', 'Everything gets through'],
  ['websocket', 'No WebSocket: long polling'],
  ['sockets', 'No Socket.IO at all: event stream'],
  ['streams', 'No streams either: polling'],
]

/** `localhost` and `127.0.0.1` are one server and two cookie jars. */
function otherHost(): string {
  const host = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
  return `${location.protocol}//${host}:${location.port}/#watch=${watchedId() ?? ''}`
}

function itemOf({ id, label, says, run }: Trick): HTMLElement {
  const button = Object.assign(document.createElement('button'), { id, type: 'button', textContent: label })
  const item = document.createElement('li')
  item.append(button, Object.assign(document.createElement('p'), { textContent: says }))
  button.onclick = () => {
    item.className = 'done'
    run()
  }
  return item
}

function blockItem(): HTMLElement {
  const select = Object.assign(document.createElement('select'), { id: 'block', ariaLabel: 'What gets through' })
  select.append(...BLOCKS.map(([value, label]) => new Option(label, value)))
  select.onchange = () => void ask(`block?what=${select.value}`)
  void ask('block').then(async (answer) => {
    select.value = await answer.text()
  })
  const says =
    'As behind a strict firewall, for this browser only. The client finds the best way that is left; see the badge.'
  const item = document.createElement('li')
  item.append(select, Object.assign(document.createElement('p'), { textContent: says }))
  return item
}

const list = Object.assign(document.createElement('ul'), { className: 'breaking' })
list.append(blockItem(), ...TRICKS.map(itemOf))
document
  .querySelector('#breaking')
  ?.append(Object.assign(document.createElement('h2'), { textContent: 'Try to break it' }), list)
