// Only what this repository needs: its packages are taken from their source, as nothing has to be built first.
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  resolve: { conditions: ['@progress/source', ...defaultClientConditions] },
  // Packages of a workspace are not looked into beforehand; found only while the page runs, these would reload it.
  optimizeDeps: {
    include: [
      'react',
      'react-dom/client',
      'react/jsx-runtime',
      'react/jsx-dev-runtime',
      'eventemitter3',
      'socket.io-client',
    ],
  },
})
