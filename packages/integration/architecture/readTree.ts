// Reads the packages and examples of a repository from the disk.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceTree } from './model'
import { parseTree } from './tree'

const ROOMS = ['packages', 'examples']
const NOT_OURS = ['node_modules', 'dist', 'coverage']
const WANTED = /(^|\/)package\.json$|\.[cm]?[jt]sx?$/
/** Examples of what is wrong may be wrong; under `src` nothing may. */
const FIXTURES = /^(packages|examples)\/[^/]+\/test\/(.*\/)?fixtures\//

/** The tree of the repository at `root`: all code in its packages and examples that is ours, tests included. */
export function sourceTree(root: string): SourceTree {
  const texts: Record<string, string> = {}
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (!NOT_OURS.includes(entry.name) && !entry.name.startsWith('.')) walk(path)
      } else if (WANTED.test(path) && !FIXTURES.test(path)) {
        texts[path] = readFileSync(join(root, path), 'utf8')
      }
    }
  }
  for (const room of ROOMS) if (existsSync(join(root, room))) walk(room)
  return parseTree(texts)
}
