import { defineConfig } from 'tsup'

const modules = defineConfig({
  entry: {
    index: 'src/index.ts',
    react: 'src/react/index.ts', // opens with 'use client', which stays first in ESM as long as nothing shakes this tree
    elements: 'src/elements/index.ts',
    testing: 'src/testing/index.ts',
    conformance: 'src/conformance/index.ts',
  },
  format: ['esm', 'cjs'],
  dts: true,
  splitting: true,
  sourcemap: true,
  target: 'es2022',
  platform: 'neutral',
})

/** One file with all that it needs, for a page without a bundler. */
const scriptTag = defineConfig({
  entry: { progress: 'src/scriptTag.ts' },
  format: ['iife'],
  outExtension: () => ({ js: '.js' }),
  noExternal: [/./],
  minify: true,
  sourcemap: true,
  target: 'es2022',
  platform: 'browser',
})

export default [modules, scriptTag]
