// Starts the demo: makes the pages, the app's process and the door in front of it.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { bundlePages } from './bundle'
import { makeCertificate } from './trickery/certificate'
import { makeFrontDoor } from './trickery/frontDoor'
import { holdLock } from './trickery/lock'
import { Supervisor } from './trickery/supervisor'

/** How the demo is to run. */
export interface DemoOptions {
  /** 0: any that is free. */
  readonly port: number
  /** Where its databases are. */
  readonly folder: string
  /** Default: https, with a certificate that is made now. */
  readonly isPlain?: boolean
  /** What a job waits between two batches of 500 rows; 0: full speed. */
  readonly paceMs: number
}

/** A demo that runs. */
export interface Demo {
  readonly url: string
  readonly supervisor: Pick<Supervisor, 'restart'>
  close(): Promise<void>
}

/** Starts it. Rejects where the port is taken. */
export async function startDemo({ port, folder, isPlain = false, paceMs }: DemoOptions): Promise<Demo> {
  await mkdir(folder, { recursive: true })
  const certificate = isPlain ? undefined : await makeCertificate()
  await bundlePages(join(folder, 'pages'))
  let supervisor: Supervisor | undefined
  const door = makeFrontDoor({
    ...(certificate && { certificate }),
    appPort: () => supervisor?.port,
    tricks: {
      restart: async () => supervisor?.restart(),
      lock: (query) => holdLock(join(folder, 'customers.db'), Number(query.get('ms'))),
    },
  })
  door.listen(port, '127.0.0.1')
  await once(door, 'listening') // first: where the port is taken, nothing has to be taken back
  const running = await Supervisor.start({
    DEMO_FOLDER: folder,
    DEMO_SECURE: isPlain ? 'no' : 'yes',
    DEMO_PACE_MS: String(paceMs),
    SESSION_SECRET: randomBytes(32).toString('hex'),
  })
  supervisor = running
  return {
    url: `${isPlain ? 'http' : 'https'}://localhost:${(door.address() as AddressInfo).port}`,
    supervisor: running,
    async close() {
      await running.close()
      door.closeAllConnections()
      door.close()
      await once(door, 'close')
    },
  }
}
