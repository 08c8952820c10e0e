// Finds the module-level constants of a file that something in it changes from within.
import ts from 'typescript'
import { lineOf } from './model'
import { scopeOf } from './scope'

const CHANGING = [
  ...['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'],
  ...['set', 'add', 'delete', 'clear'],
]
const CHANGING_FIRST =
  /^(Object\.(assign|defineProperty|defineProperties|setPrototypeOf)|Reflect\.(set|defineProperty))$/

/** Name of a constant -> line of its first change. */
export function mutations(syntax: ts.SourceFile): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const visit = (node: ts.Node): void => {
    const root = rootOf(changedBy(node))
    if (root && !found.has(root.text) && scopeOf(root) === syntax) found.set(root.text, lineOf(node))
    ts.forEachChild(node, visit)
  }
  visit(syntax)
  return found
}

/** `a.b` in `a.b = 1`, `a.b++`, `delete a.b`, `a.b.push(1)` and `Object.assign(a.b, {})`. */
function changedBy(node: ts.Node): ts.Node | undefined {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken
    const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
    return assigns ? node.left : undefined
  }
  if (ts.isDeleteExpression(node)) return node.expression
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const { operator } = node
    return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken
      ? node.operand
      : undefined
  }
  if (!ts.isCallExpression(node)) return undefined
  if (CHANGING_FIRST.test(node.expression.getText())) return node.arguments[0]
  const { expression: called } = node
  return ts.isPropertyAccessExpression(called) && CHANGING.includes(called.name.text) ? called.expression : undefined
}

/** `a` of `a.b[c]!.d`; calls are not looked through: what they answer is somebody else's. */
function rootOf(node: ts.Node | undefined): ts.Identifier | undefined {
  if (!node || ts.isIdentifier(node)) return node
  const inner =
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node)
  return inner ? rootOf(node.expression) : undefined
}
