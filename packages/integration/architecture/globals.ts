// Which of the platform's own things a file uses as values: `Date.now`, `setTimeout`, `globalThis.crypto`.
import ts from 'typescript'
import { scopeOf } from './scope'

/** One use of a global. */
export interface GlobalUse {
  /** The identifier as written: `window` in `window.setTimeout`. */
  readonly root: string
  /** The path without `globalThis`, `window`, `self`, `global`: `Date.now`, `setTimeout`. */
  readonly name: string
  readonly node: ts.Identifier
}

const ALIASES = ['globalThis', 'window', 'self', 'global']

/** All uses of globals in a file. Types, and names that the file binds itself, are none. */
export function globalsIn(syntax: ts.SourceFile): GlobalUse[] {
  const uses: GlobalUse[] = []
  const visit = (node: ts.Node): void => {
    if (isOnlyType(node)) return
    if (ts.isIdentifier(node) && isValue(node) && !scopeOf(node)) uses.push(...usesOf(node))
    ts.forEachChild(node, visit)
  }
  visit(syntax)
  return uses
}

function isOnlyType(node: ts.Node): boolean {
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword
  if (ts.isExpressionWithTypeArguments(node)) return false // `extends Base` of a class is a value
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)
}

/** Does the name stand for its value here, rather than name a member, a declaration or a part of an import? */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isBindingElement(parent) || ts.isPropertyAssignment(parent) || ts.isEnumMember(parent)) {
    return parent.initializer === node
  }
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isImportClause(parent)) return false
  if (ts.isJsxAttribute(parent) || ts.isLabeledStatement(parent) || ts.isMetaProperty(parent)) return false
  return !('name' in parent && parent.name === node)
}

function usesOf(node: ts.Identifier): GlobalUse[] {
  const path = [node.text]
  let outer: ts.Node = node
  for (let key = memberOf(outer); key !== undefined; key = memberOf(outer)) {
    path.push(key)
    outer = outer.parent
  }
  const name = (ALIASES.includes(node.text) && path.length > 1 ? path.slice(1) : path).join('.')
  const keys = takenFrom(outer)
  if (keys.length === 0) return [{ root: node.text, name, node }]
  const prefix = ALIASES.includes(name) ? '' : `${name}.`
  return keys.map((key) => ({ root: node.text, name: prefix + key, node }))
}

/** `now`, where the parent is `<node>.now` or `<node>['now']`. */
function memberOf(node: ts.Node): string | undefined {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return parent.name.text
  if (!ts.isElementAccessExpression(parent) || parent.expression !== node) return undefined
  return ts.isStringLiteralLike(parent.argumentExpression) ? parent.argumentExpression.text : undefined
}

/** The keys in `const { now } = <node>`. */
function takenFrom(node: ts.Node): string[] {
  const { parent } = node
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== node) return []
  if (!ts.isObjectBindingPattern(parent.name)) return []
  return parent.name.elements.map((element) => (element.propertyName ?? element.name).getText())
}
