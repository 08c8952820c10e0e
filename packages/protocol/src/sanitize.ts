// Whatever a job passes comes in, bounded JSON comes out. It reads hostile values (proxies, getters that throw,
// cycles, a million keys) and never throws; its work is bounded by the bytes that it may put out.
import type { Json, JsonObject } from './json'
import { LIMITS } from './limits'
import { cutText } from './text'

/** What `sanitizeMetadata` answers. */
export interface Sanitized {
  /** A frozen plain object. */
  readonly value: JsonObject
  /** Something was cut, left out or could not be read. */
  readonly truncated: boolean
}

/** How `sanitizeMetadata` reads its values. */
export interface SanitizeOptions {
  /** `'strings'`: every value becomes a string of at most 200 characters, as in the seed. Default `'json'`. */
  readonly as?: 'json' | 'strings'
  /** Room for all of it as JSON. Default `LIMITS.metadataBytes`. */
  readonly maxBytes?: number
}

const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype']
const UNREADABLE = '[unreadable]'
const CIRCULAR = '[circular]'

/**
 * Makes metadata of anything. Keys over 50 characters and `__proto__`, `constructor`, `prototype` are left out, strings
 * cut at 200 characters; JSON-like data keeps its type and shape, and what JSON cannot say becomes a string. What is not
 * an object gives `{}`.
 */
export function sanitizeMetadata(input: unknown, options: SanitizeOptions = {}): Sanitized {
  const sanitizer = new Sanitizer(options.maxBytes ?? LIMITS.metadataBytes, options.as === 'strings')
  return sanitizer.root(input)
}

const encoder = new TextEncoder()

/** Bytes of this value as JSON; 0 for what JSON leaves out. */
export function jsonBytes(value: Json | undefined): number {
  return encoder.encode(JSON.stringify(value)).length // of `undefined`, JSON and the encoder make nothing
}

/** One walk over one value. `undefined` as an answer means: there is no room, or nothing to say. */
class Sanitizer {
  private truncated = false
  private readonly ancestors: object[] = []

  constructor(
    private bytesLeft: number,
    private readonly onlyStrings: boolean,
  ) {}

  root(input: unknown): Sanitized {
    let value: JsonObject | undefined
    try {
      if (isObjectLike(input) && !isList(input)) value = this.object(input)
    } catch {
      // A proxy that shows not even its keys.
    }
    if (value === undefined && input !== undefined && input !== null) this.truncated = true
    return { value: value ?? Object.freeze({}), truncated: this.truncated }
  }

  private object(source: object): JsonObject | undefined {
    if (!this.take(2)) return undefined
    const kept: Record<string, Json> = Object.create(null)
    let count = 0
    this.ancestors.push(source)
    for (const key of Object.keys(source)) {
      if (count === LIMITS.metadataEntries) {
        this.truncated = true
        break
      }
      if (this.entry(source, key, kept)) count++
    }
    this.ancestors.pop()
    return Object.freeze({ ...kept })
  }

  private entry(source: object, key: string, kept: Record<string, Json>): boolean {
    if (FORBIDDEN_KEYS.includes(key)) return false
    if (key.length > LIMITS.metadataKeyChars) {
      this.truncated = true
      return false
    }
    const before = this.bytesLeft
    const value = this.take(jsonBytes(key) + 2) ? this.property(source, key) : undefined
    if (value === undefined) {
      this.bytesLeft = before
      return false
    }
    kept[key] = value
    return true
  }

  private list(source: readonly unknown[]): readonly Json[] | undefined {
    if (!this.take(2)) return undefined
    const kept: Json[] = []
    this.ancestors.push(source)
    const length = Math.min(source.length, LIMITS.metadataEntries)
    if (source.length > length) this.truncated = true
    for (let index = 0; index < length && this.take(1); index++) {
      // A hole keeps its place, as in JSON: what comes behind it must not move up.
      const value = this.property(source, index) ?? (this.take(4) ? null : undefined)
      if (value === undefined) break
      kept.push(value)
    }
    this.ancestors.pop()
    return Object.freeze(kept)
  }

  /** A getter, a proxy trap or a `toJSON` that throws costs its own value only. */
  private property(source: object, key: string | number): Json | undefined {
    const depth = this.ancestors.length
    try {
      return this.value((source as Record<string | number, unknown>)[key])
    } catch {
      this.ancestors.length = depth
      this.truncated = true
      return this.text(UNREADABLE)
    }
  }

  private value(found: unknown): Json | undefined {
    if (this.onlyStrings) return this.text(textOf(found))
    if (found === undefined) return undefined
    if (found === null || typeof found === 'boolean') return this.fits(found)
    if (typeof found === 'number' && Number.isFinite(found)) return this.fits(found === 0 ? 0 : found) // -0 has no JSON
    if (isObjectLike(found)) return this.container(found)
    return this.text(textOf(found))
  }

  private container(found: object): Json | undefined {
    if (this.ancestors.includes(found)) return this.text(CIRCULAR)
    const said = saidByItself(found)
    if (!isObjectLike(said)) return this.value(said)
    if (!isList(said) && !isPlain(said)) return this.text(textOf(said))
    if (this.ancestors.length >= LIMITS.metadataDepth) {
      this.truncated = true
      return undefined
    }
    return isList(said) ? this.list(said) : this.object(said)
  }

  private text(text: string): string | undefined {
    const cut = cutText(text, LIMITS.metadataStringChars)
    if (cut !== text) this.truncated = true
    return this.fits(cut)
  }

  private fits<T extends Json>(value: T): T | undefined {
    return this.take(jsonBytes(value)) ? value : undefined
  }

  private take(bytes: number): boolean {
    if (bytes > this.bytesLeft) {
      this.truncated = true
      return false
    }
    this.bytesLeft -= bytes
    return true
  }
}

function isObjectLike(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value)
}

/** Objects and instances whose fields say what they are. A Map, an Error or a Buffer is not one. */
function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]' && !ArrayBuffer.isView(value)
}

/** A Date, a URL or a decimal says itself what it is in JSON; bytes would say it at length. */
function saidByItself(value: object): unknown {
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  const { toJSON } = value as { toJSON?: unknown }
  return typeof toJSON === 'function' ? (toJSON.call(value, '') as unknown) : value
}

function textOf(value: unknown): string {
  return typeof value === 'function' ? '[function]' : String(value) // a function's text is source code
}
