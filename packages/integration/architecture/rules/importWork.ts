// Rule 6: importing a file does nothing, so that a bundler may leave out what nobody uses (`sideEffects: false`).
import ts from 'typescript'
import { lineOf, type Package, type SourceModule, type SourceTree, sourcesIn, type Violation } from '../model'

const SHIPPED = ['packages/protocol', 'packages/server', 'packages/client']
const CLI = /^packages\/[^/]+\/src\/cli\/index\.ts$/

/** Only declarations at module level, no `await`; `cli/index.ts` and what `sideEffects` lists may work. */
export function importWork(tree: SourceTree): Violation[] {
  const unsaid = [...tree.packages.values()].flatMap(({ folder, sideEffects }) => {
    if (!SHIPPED.includes(folder) || sideEffects === false || Array.isArray(sideEffects)) return []
    const message = 'write "sideEffects": false, or the list of the files that do work when they are imported'
    return [{ rule: 6, file: `${folder}/package.json`, line: 1, message }]
  })
  return [
    ...unsaid,
    ...sourcesIn(tree)
      .filter((file) => !mayWork(file))
      .flatMap(workOf),
  ]
}

function workOf(file: SourceModule): Violation[] {
  const isDirective = (statement: ts.Statement): boolean =>
    ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)
  const statements = file.syntax.statements.filter((one) => !isDirective(one))
  const work = statements.flatMap((statement): ts.Node[] => {
    if (!isDeclaration(statement)) return [statement]
    const found = awaitIn(statement) ?? staticBlockIn(statement)
    return found ? [found] : []
  })
  const message = 'work at import time: put it into a function, or list the file in `sideEffects` of package.json'
  return work.map((node) => ({ rule: 6, file: file.path, line: lineOf(node), message }))
}

function isDeclaration(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement)) return statement.importClause !== undefined // `import 'x'` is all work
  return ts.isDeclarationStatement(statement) || ts.isVariableStatement(statement) || ts.isEmptyStatement(statement)
}

function awaitIn(node: ts.Node): ts.Node | undefined {
  if (ts.isFunctionLike(node)) return undefined
  return ts.isAwaitExpression(node) ? node : ts.forEachChild(node, awaitIn)
}

function staticBlockIn(statement: ts.Statement): ts.Node | undefined {
  return ts.isClassDeclaration(statement) ? statement.members.find(ts.isClassStaticBlockDeclaration) : undefined
}

function mayWork({ path, package: pkg }: SourceModule): boolean {
  return CLI.test(path) || listed(pkg).has(path)
}

/** The sources of what `sideEffects` lists; it may name them as they are built, which `exports` maps back. */
function listed({ folder, exports, sideEffects }: Package): ReadonlySet<string> {
  const entries = (Array.isArray(sideEffects) ? sideEffects : []).map((entry: string) => entry.replace(/^\.\//, ''))
  const plain = (file: string): string => file.replace(/^\.\//, '')
  const built = [...exports.values()].flatMap((targets) => {
    const source = targets.get('@progress/source')
    const isListed = [...targets.values()].some((target) => entries.includes(plain(target)))
    return source !== undefined && isListed ? [plain(source)] : []
  })
  return new Set([...entries, ...built].map((entry) => `${folder}/${entry}`))
}
