// `npm start -w example-react-vite`: serves it and says where.
import type { AddressInfo } from 'node:net'
import { servePhotos } from './server'

const { http, progress } = await servePhotos()
http.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  process.stdout.write(`Open http://localhost:${(http.address() as AddressInfo).port}\n`)
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void progress.close().then(() => process.exit()))
