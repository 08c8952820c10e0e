// Rule 5: the hooks are a thin layer over what every app can import.
import { type SourceTree, sourcesIn, type Violation } from '../model'

const CLIENT = 'packages/client/src/'
const REACT = `${CLIENT}react/`

/** `client/src/react/**` uses, of the client, only what its index.ts exports. */
export function reactFolder(tree: SourceTree): Violation[] {
  return sourcesIn(tree, REACT).flatMap((file) =>
    file.imports.flatMap(({ specifier, resolved, line }) => {
      if (!resolved?.startsWith(CLIENT) || resolved.startsWith(REACT) || resolved === `${CLIENT}index.ts`) return []
      const message = `react/ uses only what '../index' exports, not '${specifier}': import it from there`
      return [{ rule: 5, file: file.path, line, message }]
    }),
  )
}
