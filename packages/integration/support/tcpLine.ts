// A line to any TCP server of this machine, whatever is spoken over it: it can be slow, or silent.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Flow } from './proxy/flow'

/** The line. */
export class TcpLine {
  /** How late bytes arrive, in each direction; for connections that there are, too. */
  latencyMs = 0
  readonly #listener: Server
  readonly #sockets = new Set<Socket>()
  readonly #flows = new Set<Flow>()
  #isSilent = false

  private constructor(targetPort: number) {
    this.#listener = createServer({ allowHalfOpen: true }, (client) => {
      const server = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
      this.#carry(client, server)
      this.#carry(server, client)
    })
  }

  /** Starts a good one. */
  static async start(targetPort: number): Promise<TcpLine> {
    const line = new TcpLine(targetPort)
    line.#listener.listen(0, '127.0.0.1')
    await once(line.#listener, 'listening')
    return line
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port
  }

  /** Nothing arrives, and nobody is told; what was sent arrives when it is over. */
  set isSilent(isSilent: boolean) {
    this.#isSilent = isSilent
    for (const flow of this.#flows) flow.changed()
  }

  /** Ends everything. */
  close(): void {
    this.#listener.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #carry(from: Socket, to: Socket): void {
    const shape = () => ({ latencyMs: this.latencyMs })
    const flow = new Flow(from, { to, shape, isHeld: () => this.#isSilent, random: () => 0 })
    this.#flows.add(flow)
    this.#sockets.add(from)
    from
      .setNoDelay(true)
      .on('data', (bytes: Buffer) => flow.take(bytes))
      .on('error', () => {})
      .on('close', () => this.#sockets.delete(from) && this.#flows.delete(flow))
  }
}
