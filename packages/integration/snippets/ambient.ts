// The names that a page may use without saying where they come from: what the app around a snippet has anyway. Types only;
// nothing here is ever run.
import type { Server as HttpServer } from 'node:http'
import { defineOperation, type } from '@progress/protocol'
import type { Authenticator, Backend, ProgressServer, ProgressTracker } from '@progress/server'
import type { Express } from 'express'
import type session from 'express-session'
import type { Server } from 'socket.io'

export { WebSocketClient } from '@progress/client'
export { ProgressTracker, serveProgress, sessionAuth } from '@progress/server'
export { Server } from 'socket.io'

declare module 'express-session' {
  interface SessionData {
    userId: string | number
  }
}

export declare const app: Express
export declare const http: HttpServer
export declare const io: Server
export declare const login: ReturnType<typeof session>
export declare const authenticate: Authenticator
export declare const backend: Backend
export declare const tracker: ProgressTracker
export declare const progress: ProgressServer
export declare const db: { insert(row: string[]): Promise<void> }
export declare const rows: readonly string[][]
export declare const payload: unknown

export declare const id: string
export declare const bar: HTMLProgressElement
export declare function show(text: string): void
export declare function toast(text: string): void

export const importCsv = defineOperation('csv-import', {
  metadata: type<{ filename?: string; rejected?: number }>(),
  result: type<{ inserted: number }>(),
  phases: { parse: 30, insert: 70 },
})
