#!/usr/bin/env node
// The arguments and streams of this process come in, its exit code goes out.
import { version } from '../../package.json'
import { main } from './main'
import { outliveReader } from './pipes'

outliveReader(process.stdout, ({ message }) => {
  process.stderr.write(`progress-protocol: cannot write the answer: ${message}\n`)
  process.exitCode = 2
})
outliveReader(process.stderr, () => {})

const io = {
  get stdin() {
    return process.stdin // only `check` and `diff` open it
  },
  stdout: process.stdout,
  stderr: process.stderr,
  version,
}

// Not `process.exit`: what was written to a pipe may still be on its way.
void main(process.argv.slice(2), io).then((code) => {
  process.exitCode ||= code
})
