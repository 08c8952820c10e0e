// Rule 8: pages that differ from their tables are caught.
import { describe, expect, it } from 'vitest'
import { describeViolation } from '../../architecture/check'
import { protocolPage } from '../../architecture/protocolPage'

const tables = {
  events: { 'progress-update': 'progress', 'progress-bye': 'progressBye' },
  commands: ['join-progress'],
  errors: {
    NOT_FOUND: { retryable: false, httpStatus: 404, sentence: 'There is no such session.' },
    RATE_LIMITED: { retryable: true, httpStatus: 429, closeCode: 1013, sentence: 'Too many `requests` | Wait.' },
  },
  limits: { idChars: 64, metadataBytes: 4_096 },
}

const PAGE = `# Protocol

## Events

| event | when |
| --- | --- |
| \`progress-update\` | throttled |
| \`progress-bye\` | at the end |

## Commands

| command | answer |
|---|---|
| \`join-progress\` | a snapshot |

\`\`\`md
| example | of a table |
| --- | --- |
| \`nothing\` | in fenced code |
\`\`\`

## Errors

| code | retryable | HTTP | close code | sentence |
| :--- | :-: | --: | --: | --- |
| \`NOT_FOUND\` | no | 404 | – | There is no such session. |
| \`RATE_LIMITED\` | yes | 429 | 1013 | Too many \`requests\` \\| Wait. |

## Limits

| name | value | meaning |
| --- | --: | --- |
| \`idChars\` | 64 | |
| \`metadataBytes\` | 4,096 | all of it |

## Elsewhere

| \`state\` | meaning |
| --- | --- |
| \`open\` | not one of the four tables |
`

/** What is found once `from` reads `to`. */
function changed(from: string, to: string): string[] {
  expect(PAGE).toContain(from)
  return protocolPage(PAGE.replace(from, to), tables).map(describeViolation)
}

describe('rule 8: the page of the protocol', () => {
  it('rule 8: passes a page that says what the tables say', () => {
    expect(protocolPage(PAGE, tables)).toEqual([])
    expect(protocolPage(PAGE.replaceAll('\n', '\r\n'), tables)).toEqual([])
  })

  it.each([
    [
      'an event without a row',
      '| `progress-bye` | at the end |\n',
      '',
      "3 rule 8: write a row for `progress-bye` under '## Events'",
    ],
    [
      'a command without a row',
      '| `join-progress` | a snapshot |\n',
      '',
      "10 rule 8: write a row for `join-progress` under '## Commands'",
    ],
    [
      'an event that is not there',
      '`progress-bye` | at the end |',
      '`progress-bye` | |\n| `progress-end` | |',
      '9 rule 8: `progress-end` is not in the code: remove the row',
    ],
    [
      'a name that is written twice',
      '`progress-bye` | at the end |',
      '`progress-bye` | |\n| `progress-bye` | |',
      '9 rule 8: `progress-bye` has a row already: remove one',
    ],
    [
      'a row without a name',
      '`progress-bye` | at the end |',
      '`progress-bye` | |\n| progress-end | |',
      '9 rule 8: begin the row with a name in backticks',
    ],
    [
      'a limit that is not there',
      '| `idChars` | 64 | |',
      '| `idChars` | 64 | |\n| `ids` | 3 | |',
      '34 rule 8: `ids` is not in the code: remove the row',
    ],
    [
      'a wrong number',
      '| 4,096 |',
      '| 4,069 |',
      "34 rule 8: value of `metadataBytes` is '4096' in the code, not '4,069'",
    ],
    [
      'a number with a wrong separator',
      '| 4,096 |',
      '| 4.096 |',
      "34 rule 8: value of `metadataBytes` is '4096' in the code, not '4.096'",
    ],
    ['a wrong status', '| 404 |', '| 410 |', "26 rule 8: HTTP of `NOT_FOUND` is '404' in the code, not '410'"],
    ['a wrong retry', '| no |', '| yes |', "26 rule 8: retryable of `NOT_FOUND` is 'no' in the code, not 'yes'"],
    [
      'a close code that is not there',
      '| – |',
      '| 1008 |',
      "26 rule 8: close code of `NOT_FOUND` is '–' in the code, not '1008'",
    ],
    [
      'a close code left out',
      '| 1013 |',
      '| – |',
      "27 rule 8: close code of `RATE_LIMITED` is '1013' in the code, not '–'",
    ],
    [
      'another sentence',
      'no such session.',
      'no session.',
      "26 rule 8: sentence of `NOT_FOUND` is 'There is no such session.' in the code, not 'There is no session.'",
    ],
    ['a section without its heading', '## Limits', '## Numbers', "1 rule 8: write a section '## Limits' with a table"],
  ])('rule 8: catches %s', (_wrong, from, to, found) => {
    expect(changed(from, to)).toEqual([`docs/protocol.md:${found}`])
  })

  it('rule 8: catches a section whose table was left out', () => {
    expect(changed('| --- | --: | --- |\n', '')).toHaveLength(Object.keys(tables.limits).length)
  })
})
