// Pages come in, and what is wrong with the code in them comes out: it is no part of the file that it names, does not compile,
// or names commands that are not there.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './compile'
import { type Fence, fencesOf, type Page } from './fences'
import { checkShell, houseOf } from './shell'

/** A page with a snippet that is wrong. */
export interface Complaint {
  readonly page: string
  readonly line: number
  readonly message: string
}

/** What may stand in a fence beside code, and is not looked at: pictures made of text. */
const PICTURES = ['', 'text']
const COMPILED = ['ts', 'tsx', 'js']

/** All that is wrong with the fences of these pages. `walked` are the pages whose `new:` files a test makes and runs. */
export function checkSnippets(root: string, pages: readonly Page[], walked: readonly string[] = []): Complaint[] {
  const fences = pages.flatMap(fencesOf)
  const house = houseOf(root)
  const rest = fences.filter(({ cutFrom, makes }) => cutFrom === undefined && makes === undefined)
  const unrun = fences.filter(({ page, makes }) => makes !== undefined && !walked.includes(page))
  const strange = rest.filter(({ language }) => ![...PICTURES, ...COMPILED, 'html', 'sh'].includes(language))
  return [
    ...fences.flatMap((fence) => uncut(root, fence)),
    ...unrun.map((fence) => at(fence, 0, 'no test walks through this page: nobody runs the file that is made here')),
    ...strange.map((fence) => at(fence, 0, `nothing here can check '${fence.language}'`)),
    ...rest.flatMap((fence) => {
      if (fence.language !== 'sh') return []
      const made = fences.flatMap(({ page, makes }) => (page === fence.page && makes !== undefined ? [makes] : []))
      return checkShell(fence.code, house, made).map(({ line, message }) => at(fence, line, message))
    }),
    ...uncompiled(root, rest),
  ]
}

function uncut(root: string, fence: Fence): Complaint[] {
  if (fence.cutFrom === undefined) return []
  const path = join(root, fence.cutFrom)
  if (!existsSync(path)) return [at(fence, 0, `there is no ${fence.cutFrom}`)]
  const flat = (text: string): string =>
    text
      .split('\n')
      .map((line) => line.trim())
      .join('\n')
  const isIn = `\n${flat(readFileSync(path, 'utf8'))}\n`.includes(`\n${flat(fence.code)}\n`)
  return isIn ? [] : [at(fence, 0, `these lines do not stand like this in ${fence.cutFrom}`)]
}

function uncompiled(root: string, fences: readonly Fence[]): Complaint[] {
  const sources = fences.flatMap((fence) => {
    if (COMPILED.includes(fence.language)) return [{ fence, code: fence.code, isJsx: fence.language === 'tsx' }]
    return fence.language === 'html' ? [{ fence, code: jsxOf(fence.code), isJsx: true }] : []
  })
  return compile(root, sources).flatMap(({ index, line, message }) => {
    const source = sources[index]
    return source ? [at(source.fence, line, message)] : []
  })
}

const ELEMENTS =
  "import type { ProgressElementsJsx } from '@progress/client/elements'; " +
  "declare module 'react' { namespace JSX { interface IntrinsicElements extends ProgressElementsJsx {} } };"

/** HTML as JSX, whose types know the elements and their attributes; each script stands as code, on the lines it had. */
function jsxOf(html: string): string {
  const scripts: string[] = []
  const body = html.replace(/(<script\b[^>]*>)([\s\S]*?)<\/script>/g, (_, tag: string, script: string) => {
    scripts.push(script)
    return `${tag.replace(/>$/, '/>')}${'\n'.repeat(script.split('\n').length - 1)}`
  })
  return `${ELEMENTS} export const page = <>${body}</>\n${scripts.join('\n')}`
}

function at({ page, line }: Fence, offset: number, message: string): Complaint {
  return { page, line: line + offset, message }
}
