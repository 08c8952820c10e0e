// The command as people start it, over real HTTP: plain lines where there is no terminal, a bar where there is one.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Recipe } from '@progress/integration/support/recipe'
import { describe, expect, it } from 'vitest'
import { serveBackup } from '../backup'
import { follow } from '../follow'

const ESCAPE = '\u001B'

async function served(fails: boolean) {
  const backup = serveBackup(fails)
  backup.http.listen(0, '127.0.0.1')
  await once(backup.http, 'listening')
  return { ...backup, url: `http://127.0.0.1:${(backup.http.address() as AddressInfo).port}` }
}

describe('issue 5, 4: cli', () => {
  it('follows a backup to its end in plain lines, without colour, and ends with 0', async () => {
    await using recipe = Recipe.start('cli')
    const { code, output } = await recipe.ended()
    expect(output).toMatch(/^\d+ % \d+ MB, \d+ s left$/m)
    expect(output.trim().split('\n').at(-1)).toBe('completed')
    expect(output).not.toContain(ESCAPE)
    expect(output.split('\n').length).toBeLessThan(16)
    expect(code).toBe(0)
  })

  it('says why a backup failed, and ends with 1', async () => {
    await using recipe = Recipe.start('cli', ['--fail'])
    const { code, output } = await recipe.ended()
    expect(output.trim().split('\n').at(-1)).toBe('error: The other side hung up')
    expect(code).toBe(1)
  })

  it('follows what runs on another server, by its address and id', async () => {
    const backup = await served(false)
    await using recipe = Recipe.start('cli', [backup.url, 'nightly'])
    expect(await recipe.ended()).toMatchObject({ code: 0, output: expect.stringMatching(/completed\n$/) })
    await backup.close()
  })

  it('draws one line again and again in a terminal', async () => {
    const backup = await served(false)
    const texts: string[] = []
    const screen = { isTTY: true, write: (text: string) => texts.push(text) }
    expect(await follow(backup.url, 'nightly', screen)).toBe('completed')
    await backup.close()
    const drawn = texts.join('')
    expect(drawn).toContain(`\r${ESCAPE}[2K${ESCAPE}[32m█`)
    expect(drawn.match(/\n/g)).toHaveLength(1)
    expect(drawn).toMatch(/completed\n$/)
  })
})
