// Finds everything in a file that makes it depend on another one.
import ts from 'typescript'
import { type Import, lineOf } from './model'

/** An import whose target was not looked for yet. */
export type UnresolvedImport = Omit<Import, 'resolved'>

/** All imports of a file, in their order. */
export function importsOf(syntax: ts.SourceFile): UnresolvedImport[] {
  const found: UnresolvedImport[] = []
  let hasJsx = false
  const visit = (node: ts.Node): void => {
    const one = declared(node) ?? called(node)
    if (one) found.push(one)
    if (!hasJsx && (ts.isJsxOpeningLikeElement(node) || ts.isJsxFragment(node))) {
      hasJsx = true
      found.push({ ...nothing, specifier: 'react/jsx-runtime', line: lineOf(node) }) // the compiler adds it
    }
    ts.forEachChild(node, visit)
  }
  visit(syntax)
  return found
}

const nothing = { kind: 'value', names: [], bare: false } as const

function declared(node: ts.Node): UnresolvedImport | undefined {
  if (ts.isImportDeclaration(node)) {
    const { importClause: clause } = node
    const isType = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return named(node, node.moduleSpecifier, isType, clause?.namedBindings, !clause)
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return named(node, node.moduleSpecifier, node.isTypeOnly, node.exportClause)
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return named(node, node.moduleReference.expression, node.isTypeOnly)
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return named(node, node.argument.literal, true)
  return undefined
}

function called(node: ts.Node): UnresolvedImport | undefined {
  if (!ts.isCallExpression(node)) return undefined
  const { expression } = node
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require')
  return loads ? named(node, node.arguments[0], false) : undefined
}

function named(
  node: ts.Node,
  target: ts.Node | undefined,
  isType: boolean,
  bindings?: ts.NamedImportBindings | ts.NamedExportBindings,
  bare = false,
): UnresolvedImport | undefined {
  if (!target || !ts.isStringLiteralLike(target)) return undefined
  const elements = bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) ? bindings.elements : []
  return {
    specifier: target.text,
    kind: isType ? 'type' : 'value',
    names: elements.map((element) => (element.propertyName ?? element.name).text),
    bare,
    line: lineOf(node),
  }
}
