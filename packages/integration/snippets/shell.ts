// Lines of a shell come in: do the scripts, programs, workspaces and packages that they name exist in this repository?
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  readonly name: string
  readonly version?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
}

/** What a shell finds here. */
export interface House {
  readonly root: Manifest
  readonly workspaces: readonly Manifest[]
  /** Is this program, or package, installed? */
  isInstalled(name: string): boolean
}

/** Reads it. */
export function houseOf(root: string): House {
  const read = (folder: string): Manifest => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const folders = ['packages', 'examples'].flatMap((room) =>
    readdirSync(join(root, room)).map((name) => `${room}/${name}`),
  )
  return {
    root: read('.'),
    workspaces: folders.filter((folder) => existsSync(join(root, folder, 'package.json'))).map(read),
    isInstalled: (name) => ['node_modules', 'node_modules/.bin'].some((at) => existsSync(join(root, at, name))),
  }
}

/** One line that cannot work; `line` counts from 0. */
export interface BadCommand {
  readonly line: number
  readonly message: string
}

/** What is wrong with a block of commands; `made` are the files that its reader has made by then. */
export function checkShell(code: string, house: House, made: readonly string[] = []): BadCommand[] {
  return code.split('\n').flatMap((text, line) =>
    text
      .replace(/(^|\s)#.*$/, '')
      .split(/&&|\||;/)
      .map((command) =>
        command
          .replace(/\s>\s*\S+/, '')
          .trim()
          .split(/\s+/),
      )
      .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))
      .flatMap(([program = '', ...words]) => {
        const message = program === '' ? undefined : complaint(program, words, house, made)
        return message === undefined ? [] : [{ line, message }]
      }),
  )
}

const OF_EVERY_SHELL = ['cd', 'mkdir', 'git']

function complaint(program: string, words: string[], house: House, made: readonly string[]): string | undefined {
  if (OF_EVERY_SHELL.includes(program)) return undefined
  if (program === 'npx') return noProgram(words[0] ?? '', house)
  if (program === 'node') return made.includes(words[0] ?? '') ? undefined : `nobody has made '${words[0]}'`
  return program === 'npm' ? npm(words, house) : `'${program}' is no command that a reader is known to have`
}

function noProgram(name: string, { workspaces, isInstalled }: House): string | undefined {
  const isOurs = workspaces.some(({ bin }) => bin && name in bin)
  return isOurs || isInstalled(name) ? undefined : `no package of this repository brings the program '${name}'`
}

function npm([verb = '', ...words]: string[], house: House): string | undefined {
  const named = words.flatMap((word, index) => (words[index - 1] === '-w' ? [word] : []))
  const where = named.map((name) => house.workspaces.find((one) => one.name === name))
  if (where.includes(undefined)) return `there is no workspace '${named[where.indexOf(undefined)]}'`
  const places = where.length > 0 ? where : [house.root]
  if (verb === 'ci' || verb === 'init' || verb === 'pack') return undefined
  if (verb === 'install') return words.map((word) => notInstallable(word, house)).find(Boolean)
  const script = verb === 'run' ? words[0] : verb
  const has = (place: Manifest | undefined): boolean => script !== undefined && script in (place?.scripts ?? {})
  return places.every(has) ? undefined : `no script '${script}' in ${named.join(' ') || 'the root'}`
}

function notInstallable(word: string, { workspaces, isInstalled }: House): string | undefined {
  const tarballs = workspaces.map(({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
  const isOne = word.endsWith('.tgz') ? tarballs.includes(word.replace(/^.*\//, '')) : isInstalled(word)
  return isOne ? undefined : `'${word}' is nothing that npm pack makes here, and nothing that is used here`
}
