// What a page carries, minified and gzipped. The README of the client says the same figures; a test compares them.
const client = 'packages/client/dist'
const libraries = ['socket.io-client', 'eventemitter3', 'react']

export default [
  { name: '@progress/protocol/wire', path: 'packages/protocol/dist/wire.js', import: '*', limit: '2 kB', gzip: true },
  {
    name: '@progress/client, beside socket.io-client and eventemitter3',
    path: `${client}/index.js`,
    import: '*',
    ignore: libraries,
    limit: '14 kB',
    gzip: true,
  },
  {
    name: '@progress/client/react, beside @progress/client',
    path: `${client}/react.js`,
    import: '*',
    ignore: libraries,
    // What the entries share is the client itself, which is counted above.
    modifyEsbuildConfig: (config) => ({ ...config, external: [...(config.external ?? []), './chunk-*'] }),
    limit: '1.5 kB',
    gzip: true,
  },
  { name: 'the file for a script tag, all in', path: `${client}/progress.js`, limit: '37 kB', gzip: true },
]
