// The test build: the packages as they are, but for the clock, the network and chance, which are the run's own; and, where
// one is asked for, with a bug planted. Production code has no switches for any of this.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { PlantedBug } from './bugs'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const HERE = fileURLToPath(new URL('.', import.meta.url))

/** A built runner, in a file that is there until it is disposed of. */
export interface TestBuild extends AsyncDisposable {
  readonly file: string
}

/** Builds it. Rejects where the text that a bug replaces is not there exactly once: then the bug is not planted any more. */
export async function testBuild(bug?: PlantedBug): Promise<TestBuild> {
  const planted = new Set<string>()
  const { outputFiles } = await build({
    entryPoints: [join(HERE, 'runner.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@progress/source'],
    logLevel: 'silent',
    plugins: [substitutes(), bug ? plant(bug, planted) : { name: 'none', setup: () => {} }],
  })
  for (const { file } of bug?.patches ?? []) {
    if (!planted.has(file)) throw new Error(`${bug?.name}: ${file} is not part of the build`)
  }
  const folder = await mkdtemp(join(tmpdir(), 'progress-contract-'))
  const file = join(folder, 'runner.mjs')
  await writeFile(file, outputFiles[0]?.text ?? '')
  return { file, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** What is the run's own. */
function substitutes(): Plugin {
  return {
    name: 'substitutes',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^socket\.io-client$/ }, () => ({ path: join(HERE, 'socketDouble.ts') }))
      onResolve({ filter: /^node:crypto$/ }, ({ importer }) => {
        return importer.includes(join('server', 'src')) ? { path: join(HERE, 'places.ts') } : null
      })
      onLoad({ filter: /protocol[\\/]src[\\/]clock\.ts$/ }, () => ({
        contents: `export { systemClock } from ${JSON.stringify(join(HERE, 'places.ts'))}`,
        resolveDir: HERE,
        loader: 'ts',
      }))
    },
  }
}

function plant({ name, patches }: PlantedBug, planted: Set<string>): Plugin {
  return {
    name: 'planted bug',
    setup({ onLoad }) {
      onLoad({ filter: /packages[\\/](server|client|protocol)[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
        const file = relative(ROOT, path).split(sep).join('/')
        const ours = patches.filter((patch) => patch.file === file)
        if (ours.length === 0) return null
        let contents = await readFile(path, 'utf8')
        for (const { find, replace } of ours) {
          const found = contents.split(find).length - 1
          if (found !== 1) throw new Error(`${name}: ${JSON.stringify(find)} is ${found} times in ${file}`)
          contents = contents.replace(find, () => replace)
        }
        planted.add(file)
        return { contents, loader: 'ts' }
      })
    },
  }
}
