// Rule 6: nothing at module level changes: two trackers in one process, or two tests, must not meet in it.
import ts from 'typescript'
import { lineOf, type SourceModule, type SourceTree, sourcesIn, type Violation } from '../model'
import { mutations } from '../mutations'
import { isStateful, statefulIn } from '../stateful'

const INSTEAD = 'keep it in an object that the caller makes'

/** No `let`, no `var`, no container, no object that is changed later, at module level or as a static member. */
export function moduleState(tree: SourceTree): Violation[] {
  return sourcesIn(tree).flatMap((file) => {
    const changed = mutations(file.syntax)
    return file.syntax.statements.flatMap((statement) => {
      if (ts.isVariableStatement(statement)) return variables(file, statement, changed)
      return ts.isClassDeclaration(statement) ? statics(file, statement) : []
    })
  })
}

function variables(
  file: SourceModule,
  statement: ts.VariableStatement,
  changed: ReadonlyMap<string, number>,
): Violation[] {
  if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) return []
  const { declarationList: list } = statement
  const isConst = (list.flags & ts.NodeFlags.Const) !== 0
  if (!isConst) return [violation(file, list, `no \`let\` or \`var\` at module level: ${INSTEAD}`)]
  return list.declarations.flatMap((declaration) => {
    const message = complaint(declaration, changed)
    return message === undefined ? [] : [violation(file, declaration, message)]
  })
}

function complaint(declaration: ts.VariableDeclaration, changed: ReadonlyMap<string, number>): string | undefined {
  const name = declaration.name.getText()
  const made = statefulIn(declaration)
  if (made) return `\`${name}\` holds ${made} at module level: ${INSTEAD}, or type it as readonly`
  const line = changed.get(name)
  return line === undefined
    ? undefined
    : `\`${name}\` is module state, changed in line ${line}: ${INSTEAD}, or freeze it`
}

function statics(file: SourceModule, declared: ts.ClassDeclaration): Violation[] {
  return declared.members.flatMap((member) => {
    if (!ts.isPropertyDeclaration(member)) return []
    const has = (kind: ts.SyntaxKind): boolean => member.modifiers?.some((modifier) => modifier.kind === kind) ?? false
    if (!has(ts.SyntaxKind.StaticKeyword) || has(ts.SyntaxKind.DeclareKeyword)) return []
    if (has(ts.SyntaxKind.ReadonlyKeyword) && !isStateful(member)) return []
    return [violation(file, member, `a static member that can change is module state: ${INSTEAD}`)]
  })
}

function violation(file: SourceModule, node: ts.Node, message: string): Violation {
  return { rule: 6, file: file.path, line: lineOf(node), message }
}
