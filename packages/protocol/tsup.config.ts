import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    wire: 'src/wire.ts',
    schema: 'src/schema/index.ts',
    testing: 'src/testing/index.ts',
    cli: 'src/cli/index.ts',
  },
  format: ['esm', 'cjs'],
  dts: {
    entry: {
      index: 'src/index.ts',
      wire: 'src/wire.ts',
      schema: 'src/schema/index.ts',
      testing: 'src/testing/index.ts',
    },
  },
  splitting: true, // one copy of each class, whichever entries a program loads
  sourcemap: true,
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/],
})
