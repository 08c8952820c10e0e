// Turns the JSON report of vitest, whose path is the argument, into one plain closing line.
import { readFileSync } from 'node:fs'

const { passed, failed, skipped } = count(process.argv[2])
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)

/** A file that fails outside of any test counts as one failure, and so does a run without a report. */
function count(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'))
    const failedOutside = report.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
    )
    return {
      passed: report.numPassedTests,
      failed: Math.max(report.numFailedTests + failedOutside.length, report.success ? 0 : 1),
      skipped: report.numPendingTests + report.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
