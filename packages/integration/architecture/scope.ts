// Which declaration a name means: the nearest scope around it that binds it.
import ts from 'typescript'

/** The scope that binds the name of an identifier where it stands; `undefined` for a global. */
export function scopeOf(identifier: ts.Identifier): ts.Node | undefined {
  for (let node: ts.Node | undefined = identifier.parent; node; node = node.parent) {
    if (boundBy(node).includes(identifier.text)) return node
  }
  return undefined
}

/** The names that a node binds for what lies in it. Types bind nothing here. */
function boundBy(scope: ts.Node): string[] {
  if (ts.isFunctionLike(scope)) return boundByFunction(scope)
  if (ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isModuleBlock(scope) || ts.isCaseOrDefaultClause(scope)) {
    return scope.statements.flatMap(boundByStatement)
  }
  if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) {
    return scope.initializer && ts.isVariableDeclarationList(scope.initializer) ? namesIn(scope.initializer) : []
  }
  if (ts.isCatchClause(scope)) return scope.variableDeclaration ? namesOf(scope.variableDeclaration.name) : []
  return ts.isClassExpression(scope) && scope.name ? [scope.name.text] : []
}

function boundByFunction(scope: ts.SignatureDeclaration): string[] {
  const own = ts.isFunctionExpression(scope) && scope.name ? [scope.name.text] : []
  return [...own, ...scope.parameters.flatMap((parameter) => namesOf(parameter.name))]
}

function boundByStatement(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return namesIn(statement.declarationList)
  if (ts.isImportDeclaration(statement)) return imported(statement.importClause)
  const declares =
    ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)
  return declares && statement.name ? [statement.name.text] : []
}

function imported(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings
  const own = clause?.name ? [clause.name.text] : []
  if (!bindings) return own
  const named = ts.isNamespaceImport(bindings) ? [bindings] : bindings.elements
  return [...own, ...named.map((element) => element.name.text)]
}

function namesIn(list: ts.VariableDeclarationList): string[] {
  return list.declarations.flatMap((declaration) => namesOf(declaration.name))
}

/** The names of a binding: `a`, or all of `{ a, b: [c] }`. */
export function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []))
}
