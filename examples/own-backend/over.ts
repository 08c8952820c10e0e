// A backend around another, with some of its methods replaced.
import type { Backend } from '@progress/server'

/** What is not replaced is the store's. */
export function over(store: Backend, own: Partial<Backend>): Backend {
  return new Proxy(store, {
    get(target, key) {
      const value: unknown = Reflect.get(own, key) ?? Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
