// TypeScript projects that import each entry by its name, with the declarations of all packages checked.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from './project'

/** The versions of TypeScript to check with, each under a name of its own. */
export const TYPESCRIPTS: Readonly<Record<string, string>> = {
  'typescript-5': 'typescript@5.9.3',
  'typescript-6': 'typescript@6.0.3',
  'typescript-7': 'typescript@7.0.2',
}

/** How modules are found: as Node does, or as a bundler does. */
export type Resolution = 'node16' | 'bundler'

interface TypesOptions {
  readonly resolution: Resolution
  /** Packages whose declarations are there without an import. Default: Node's. */
  readonly types?: readonly string[]
  /** Libraries of the runtime. Default: those of a page too. */
  readonly lib?: readonly string[]
  /** With the typed program beside the imports. */
  readonly program?: boolean
}

/** Writes a project into a folder of its own, from where it sees what is installed. */
export function writeTypes(project: Project, folder: string, entries: readonly string[], options: TypesOptions): void {
  const { resolution, types = ['node'], lib = ['ES2022', 'DOM', 'DOM.Iterable'], program = false } = options
  const compilerOptions = {
    target: 'ES2022',
    lib,
    types,
    module: resolution === 'node16' ? 'node16' : 'esnext',
    moduleResolution: resolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    rootDir: '.',
    outDir: 'out',
  }
  project.write(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ['*.ts', '*.cts'] }, null, 2))
  // Under a bundler there is one kind of module; under Node a .cts file has to find declarations of CommonJS.
  for (const ending of resolution === 'node16' ? ['ts', 'cts'] : ['ts']) {
    project.write(`${folder}/entries.${ending}`, importAll(entries))
    if (program) project.write(`${folder}/typed.${ending}`, readFileSync(TYPED, 'utf8'))
  }
}

/** Compiles a project that `writeTypes` wrote. */
export async function compile(project: Project, folder: string, typescript = 'typescript-5'): Promise<void> {
  await project.run(process.execPath, project.installed(`${typescript}/bin/tsc`), '-p', folder)
}

const TYPED = join(import.meta.dirname, 'fixtures/typed.ts')

function importAll(entries: readonly string[]): string {
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}'`)
  return `${imports.join('\n')}\nexport const all: object[] = [${entries.map((_, index) => `entry${index}`).join(', ')}]\n`
}
