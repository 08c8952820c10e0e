// A project of somebody who uses the packages: a folder of its own, outside of this repository.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './command'

const QUIETLY = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']

/** A folder with a package.json. */
export class Project {
  constructor(readonly folder: string) {
    this.write('package.json', JSON.stringify({ private: true, type: 'module' }))
  }

  /** Writes a file of the project. */
  write(path: string, text: string): void {
    const full = join(this.folder, path)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, text)
  }

  /** Installs packages: names with versions, or paths of tarballs. */
  async install(...packages: readonly string[]): Promise<void> {
    await this.run('npm', 'install', ...QUIETLY, ...packages)
  }

  /** Path of a file of an installed package. */
  installed(path: string): string {
    return join(this.folder, 'node_modules', path)
  }

  /** Runs a program in the folder and gives what it wrote. */
  run(program: string, ...args: string[]): Promise<string> {
    return run(this.folder, program, ...args)
  }
}
