// Fifty clients of a server that is killed and started again; `npm run bench reconnect` has ten times as many.
import { expect, it } from 'vitest'
import { freePort } from '../../support/freePort'
import { Herd } from '../../support/herd'

it('S2-88: all are right again within 5 s of its return, and do not come all at once', {
  timeout: 40_000,
}, async () => {
  using herd = await Herd.start({ port: await freePort(), clients: 50, processes: 1 })
  await herd.kill()
  const at = await herd.up()
  const reports = await herd.until((report) => report.rightAt > 0 && report.isConnected)
  const took = reports.map(({ rightAt, connectedAt }) => Math.max(rightAt, connectedAt) - at)
  expect(Math.max(...took)).toBeLessThan(5_000)
  expect(Math.max(...took) - Math.min(...took)).toBeGreaterThan(100)
  expect(reports.every(({ violations }) => violations === 0)).toBe(true)
})
