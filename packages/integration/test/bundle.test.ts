// What a browser carries: `wire` without a schema library, and nothing at all for what is only a type.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { describe, expect, it } from 'vitest'

const protocol = fileURLToPath(new URL('../../protocol/', import.meta.url))
const WIRE_BYTES = 2_000

interface Bundle {
  readonly gzipped: number
  readonly zodBytes: number
  readonly modules: string[]
}

async function bundle(options: BuildOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: protocol,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    ...options,
  })
  const code = outputFiles?.[0]?.contents ?? new Uint8Array()
  const inputs = inputsOf(metafile)
  const zod = inputs.filter(([path]) => /node_modules\/zod\//.test(path))
  return {
    gzipped: gzipSync(code, { level: 9 }).length,
    zodBytes: zod.reduce((sum, [, bytes]) => sum + bytes, 0),
    modules: inputs.map(([path]) => path),
  }
}

function inputsOf(metafile: Metafile | undefined): [path: string, bytes: number][] {
  return Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) =>
    Object.entries(inputs).map(([path, { bytesInOutput }]): [string, number] => [path, bytesInOutput]),
  )
}

/** A page's code beside a file that defines an operation with zod. */
const page = (contents: string): BuildOptions => ({
  stdin: { contents, resolveDir: protocol, loader: 'ts' },
  plugins: [
    {
      name: 'operations',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^\.\/operations$/ }, ({ path }) => ({ path, namespace: 'operations' }))
        onLoad({ filter: /.*/, namespace: 'operations' }, () => ({
          contents: operations,
          resolveDir: protocol,
          loader: 'ts',
        }))
      },
    },
  ],
})

const operations = `
  import * as z from 'zod'
  import { defineOperation } from './src/index'
  export const importCsv = defineOperation('csv-import', { metadata: z.object({ filename: z.string() }) })
`

describe('the bundle of wire', () => {
  it('holds no zod, and is not empty', async () => {
    const { zodBytes, modules } = await bundle({ entryPoints: ['src/wire.ts'] })
    expect(modules).toContain('src/progressError.ts')
    expect(modules.filter((path) => path.includes('zod'))).toEqual([])
    expect(zodBytes).toBe(0)
  })

  it(`is under ${WIRE_BYTES} bytes, gzipped`, async () => {
    const { gzipped } = await bundle({ entryPoints: ['src/wire.ts'] })
    expect(gzipped).toBeLessThan(WIRE_BYTES)
  })

  it('has a twin: the bundle of index does hold zod', async () => {
    const { zodBytes } = await bundle({ entryPoints: ['src/index.ts'] })
    expect(zodBytes).toBeGreaterThan(10_000)
  })
})

describe('a page that names an operation', () => {
  it('carries 0 bytes of zod where it imports only the type', async () => {
    const { zodBytes, modules } = await bundle(
      page(`
        import type { Operation } from './src/wire'
        import type { importCsv } from './operations'
        import { isProgressError } from './src/wire'
        export const kind: typeof importCsv extends Operation<infer K> ? K : never = 'csv-import'
        export { isProgressError }
      `),
    )
    expect(modules).toContain('src/progressError.ts')
    expect(modules.filter((path) => /zod|operations/.test(path))).toEqual([])
    expect(zodBytes).toBe(0)
  })

  it('has a twin: it carries zod where it imports the value', async () => {
    const { zodBytes } = await bundle(page(`export { importCsv } from './operations'`))
    expect(zodBytes).toBeGreaterThan(10_000)
  })
})
