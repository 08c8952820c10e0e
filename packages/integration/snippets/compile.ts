// Snippets come in and are compiled as modules of this repository, all in one program: what the compiler says of them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Something to compile. */
export interface Source {
  readonly code: string
  readonly isJsx: boolean
}

/** What is wrong with one of them; `line` counts from 0. */
export interface Mistake {
  readonly index: number
  readonly line: number
  readonly message: string
}

/** Compiles them against the sources of the packages, strictly, with the names of `ambient.ts`. Takes some seconds. */
export function compile(root: string, sources: readonly Source[]): Mistake[] {
  if (sources.length === 0) return []
  const folder = join(root, 'packages/integration/snippets')
  const options = optionsOf(root)
  const ambient = exportedBy(parse(readFileSync(join(folder, 'ambient.ts'), 'utf8')))
  const files = new Map(
    sources.map(({ code, isJsx }, index) => [
      join(folder, `snippet-${index}.${isJsx ? 'tsx' : 'ts'}`),
      `${importing(ambient, code)}${code}`,
    ]),
  )
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  host.fileExists = (path) => files.has(path) || fileExists(path)
  host.readFile = (path) => files.get(path) ?? readFile(path)
  const read = host.getSourceFile
  host.getSourceFile = (path, target, ...rest) => {
    const text = files.get(path)
    return text === undefined ? read(path, target, ...rest) : ts.createSourceFile(path, text, target, true)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files.keys()].flatMap((path, index) => {
    const file = program.getSourceFile(path)
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    return found.map(({ start = 0, messageText }) => ({
      index,
      line: file?.getLineAndCharacterOfPosition(start).line ?? 0,
      message: ts.flattenDiagnosticMessageText(messageText, ' '),
    }))
  })
}

function optionsOf(root: string): ts.CompilerOptions {
  const path = join(root, 'tsconfig.json')
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
  return { ...options, noUnusedLocals: false, noUnusedParameters: false }
}

/** In front of the first line, so that lines keep their numbers; what the snippet names itself is its own. */
function importing(ambient: readonly string[], code: string): string {
  const own = new Set(declaredIn(parse(code)))
  return `import { ${ambient.filter((name) => !own.has(name)).join(', ')} } from './ambient'; `
}

function parse(code: string): ts.SourceFile {
  return ts.createSourceFile('snippet.tsx', code, ts.ScriptTarget.ES2022)
}

function exportedBy(file: ts.SourceFile): string[] {
  const reexported = file.statements.flatMap((statement) => {
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined
    return clause && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : []
  })
  const imported = new Set(file.statements.filter(ts.isImportDeclaration).flatMap(importedBy))
  return [...reexported, ...declaredIn(file).filter((name) => !imported.has(name))]
}

function declaredIn(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) return importedBy(statement)
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => boundBy(name))
    const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
    return isNamed && statement.name ? [statement.name.text] : []
  })
}

function importedBy({ importClause }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : []
  return [...named, ...(importClause?.name ? [importClause.name.text] : [])]
}

function boundBy(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundBy(element.name) : []))
}
