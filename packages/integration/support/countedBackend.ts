// A backend comes in, the same comes out with its questions counted.
import type { Backend } from '@progress/server'

/** The methods that ask for what is stored. */
const QUESTIONS = ['get', 'listByOwner', 'listActiveByNode', 'readLog'] as const

/** Counts what is asked of a backend; what is written and told is not. */
export function counted(backend: Backend): { readonly backend: Backend; queries(): number } {
  let asked = 0
  const counting = new Proxy(backend, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...args: unknown[]): unknown => {
        if ((QUESTIONS as readonly unknown[]).includes(name)) asked += 1
        return Reflect.apply(member, target, args)
      }
    },
  })
  return { backend: counting, queries: () => asked }
}
