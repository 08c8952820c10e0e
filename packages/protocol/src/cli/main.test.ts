import { describe, expect, it } from 'vitest'
import { version } from '../../package.json'
import { run } from './terminal.test-kit'
import { USAGE } from './usage'

describe('tells', () => {
  it('how it is used', async () => {
    expect(await run(['--help'])).toEqual({ code: 0, out: USAGE, err: '' })
    expect(await run(['check', '-h'])).toEqual({ code: 0, out: USAGE, err: '' })
  })

  it('its version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })
})

describe('refuses, with the usage,', () => {
  it.each([
    [[], 'name a command'],
    [['chekc'], 'there is no command chekc'],
    [['schema', '--nonsense'], "Unknown option '--nonsense'"],
    [['--help=yes'], "Option '-h, --help' does not take an argument"],
    [['schema', 'a', 'b'], 'schema takes one name at most'],
    [['schema', 'progress'], 'no message is named progress; there are progress-status, '],
    [['schema', 'progress-update', '--asyncapi'], 'the AsyncAPI document is about all messages'],
    [['check', '--asyncapi'], '--asyncapi belongs to the command schema'],
    [['check', 'a', 'b'], 'check takes one file at most'],
    [['diff'], 'diff needs two files: OLD NEW'],
    [['diff', 'a.json'], 'diff needs two files: OLD NEW'],
    [['diff', 'a', 'b', 'c'], 'diff takes two files'],
  ])('%j', async (argv, sentence) => {
    const { code, out, err } = await run(argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`progress-protocol: ${sentence}`)
    expect(err.endsWith(`\n\n${USAGE}`)).toBe(true)
  })
})
