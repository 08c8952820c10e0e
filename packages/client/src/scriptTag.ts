// The file for a script tag: it puts the client on a page under its name, and defines the elements.
import { WebSocketClient } from './client'
import './elements/index'

Object.assign(globalThis, { WebSocketClient })
