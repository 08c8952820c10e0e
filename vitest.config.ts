import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumPath } from './packages/integration/support/chromium.ts'

// Tests run on source: nothing has to be built first.
const conditions = ['@progress/source']
const onSource = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } }
const notThese = ['**/node_modules/**', '**/dist/**', '**/*.dom.test.*', '**/*.browser.test.*']

export default defineConfig(async () => ({
  test: {
    projects: [
      {
        ...onSource,
        test: {
          name: 'unit',
          include: ['packages/{protocol,server,client}/src/**/*.test.{ts,tsx}'],
          exclude: notThese,
        },
      },
      {
        ...onSource,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/src/**/*.test-d.{ts,tsx}'],
            tsconfig: './tsconfig.json',
          },
        },
      },
      {
        ...onSource,
        test: { name: 'dom', environment: 'happy-dom', include: ['packages/*/src/**/*.dom.test.{ts,tsx}'] },
      },
      {
        resolve: { conditions: [...conditions, 'module', 'browser', 'development|production'] },
        // Found only while tests run, they would reload the page under them.
        optimizeDeps: { include: ['axe-core', 'eventemitter3', 'socket.io-client'] },
        test: {
          name: 'browser',
          include: ['packages/*/src/**/*.browser.test.{ts,tsx}'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: await chromiumPath(), args: ['--no-sandbox'] } }),
            instances: [{ browser: 'chromium' as const }],
          },
        },
      },
      {
        ...onSource,
        test: {
          name: 'integration',
          include: ['packages/integration/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/fixtures/**'],
          testTimeout: 20_000,
        },
      },
    ],
  },
}))
