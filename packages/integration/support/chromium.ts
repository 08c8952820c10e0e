// Where a real Chromium is: one that is installed, else the one that an npm package carries (Linux x64).
import { existsSync } from 'node:fs'

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell', '/usr/bin/google-chrome']

/** Path of a Chromium's program. `CHROMIUM_PATH` comes first. Rejects where none is installed and none can be unpacked. */
export async function chromiumPath(): Promise<string> {
  const installed = [process.env['CHROMIUM_PATH'], ...INSTALLED].find((path) => path && existsSync(path))
  if (installed) return installed
  // Read when the package is loaded: it then unpacks the libraries that a bare Debian lacks.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs20.x'
  const { default: chromium } = await import('@sparticuz/chromium')
  return chromium.executablePath()
}
