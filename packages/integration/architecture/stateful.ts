// Whether the value of a declaration can change once it is made.
import ts from 'typescript'

/** What may be made once for all: it remembers nothing of its callers. */
const STATELESS = ['TextEncoder', 'TextDecoder', 'RegExp', 'URL', 'AsyncLocalStorage']

/** A declaration with a value: a variable or a member of a class. */
type Declared = ts.VariableDeclaration | ts.PropertyDeclaration

/** What in the value of a declaration can change, such as `a Map`; looks into literals and calls, not into functions. */
export function statefulIn(declaration: Declared): string | undefined {
  const { initializer, type } = declaration
  if (!initializer) return undefined
  const promised = type?.getText() ?? ''
  const find = (node: ts.Node, said: string): string | undefined => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return undefined
    if (ts.isAsExpression(node)) return find(node.expression, `${said} ${node.type.getText()}`)
    if (ts.isNewExpression(node)) {
      const name = node.expression.getText()
      if (!isStateless(name) && !isReadonly(name, said, node)) return `a ${name}`
    }
    return ts.forEachChild(node, (child) => find(child, said))
  }
  return find(initializer, promised)
}

/** Can the value of this declaration change? */
export function isStateful(declaration: Declared): boolean {
  return statefulIn(declaration) !== undefined
}

function isStateless(name: string): boolean {
  return STATELESS.includes(name) || name.startsWith('Intl.')
}

/** `const known: ReadonlySet<string> = new Set([...])`. Freezing does not hold a Map or a Set; it does hold an Array. */
function isReadonly(name: string, said: string, node: ts.Node): boolean {
  if (name === 'Map' || name === 'Set') return said.includes(`Readonly${name}`)
  if (name !== 'Array') return false
  return /\breadonly\b|ReadonlyArray/.test(said) || /^Object\.freeze\(/.test(node.parent.getText())
}
