// Makes the pages: three scripts out of TypeScript, and what lies in `pages`, side by side in one folder.
import { cp } from 'node:fs/promises'
import { build } from 'esbuild'

/** Writes all of it to `folder`. */
export async function bundlePages(folder: string): Promise<void> {
  const here = (path: string): string => new URL(path, import.meta.url).pathname
  await cp(here('pages'), folder, { recursive: true })
  await build({
    entryPoints: [here('plain.ts'), here('react.tsx'), here('trickery/panel.ts')],
    entryNames: '[name]',
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    conditions: ['@progress/source'], // of this repository: in yours, the built packages are used
  })
}
