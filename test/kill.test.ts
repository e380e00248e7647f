import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { count } from './counts.ts'
import { compose } from './support/compose.ts'
import {
  built,
  builtStandard,
  standardSelection,
  takeLock,
  type Built,
} from './support/distribution.ts'
import { randomFrom, seed } from './support/random.ts'
import { hashesOf } from './support/tree.ts'

let standard: Built
let folder: string
beforeAll(async () => {
  standard = await builtStandard()
  folder = await mkdtemp(join(tmpdir(), 'compose-kill-'))
})
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

test(
  'a build killed at any moment leaves the old distribution or the new one, and a cache that still serves',
  { timeout: 1_200_000 },
  async () => {
    const asked = parse(await readFile(standardSelection, 'utf8')) as { deployment?: object } // our own file
    const selections = ['one.example.com', 'two.example.com'].map((host) =>
      stringify({ ...asked, deployment: { ...asked.deployment, host } }),
    )
    // Both outcomes, each built undisturbed and timed to know what there is to kill.
    const outcomes: string[] = []
    let longestMs = 0
    for (const [index, text] of selections.entries()) {
      const cwd = join(folder, `whole-${index}`)
      await mkdir(cwd)
      await takeLock(standard, cwd)
      await writeFile(join(cwd, 'selection.yaml'), text)
      const began = performance.now()
      await built(['build', 'selection.yaml'], cwd, standard.cacheDir)
      longestMs = Math.max(longestMs, performance.now() - began)
      outcomes.push(JSON.stringify(await hashesOf(join(cwd, 'dist/standard'))))
    }
    const cwd = join(folder, 'killed')
    const cacheDir = join(folder, 'cache')
    await cp(join(folder, 'whole-0'), cwd, { recursive: true })
    // Other tests write to it meanwhile: what they are at stays out of the copy.
    const isWhole = (path: string) => !/^part-|\.part$/.test(basename(path))
    await cp(standard.cacheDir, cacheDir, { recursive: true, filter: isWhole })

    const from = seed()
    const random = randomFrom(from)
    for (let round = 0; round < count(1, 12); round++) {
      await writeFile(join(cwd, 'selection.yaml'), selections[(round + 1) % 2] ?? '')
      const killed = AbortSignal.timeout(Math.floor(random() * longestMs))
      await compose(['build', 'selection.yaml'], { cwd, cacheDir, cancelSignal: killed })
      const found = JSON.stringify(await hashesOf(await standing(join(cwd, 'dist'))))
      expect(outcomes.includes(found), `seed ${from}, round ${round}`).toBe(true)
    }
    await writeFile(join(cwd, 'selection.yaml'), selections[0] ?? '')
    await built(['build', 'selection.yaml'], cwd, cacheDir)
    expect(JSON.stringify(await hashesOf(join(cwd, 'dist/standard')))).toBe(outcomes[0])
    // What a build had started to try it out ends with it, also where nothing told it to.
    if (existsSync('/proc/self/cmdline'))
      await expect
        .poll(() => runningIn(cwd), { timeout: 20_000, message: `seed ${from}` })
        .toEqual([])
    const former = '.standard.former'
    const left = await readdir(join(cwd, 'dist'))
    expect(left.filter((name) => name !== former)).toEqual(['standard'])
    // Whatever was kept to go back to is whole.
    if (left.includes(former))
      expect(outcomes).toContain(JSON.stringify(await hashesOf(join(cwd, 'dist', former))))
  },
)

/** The command lines of processes that name a folder; as Linux tells them. */
async function runningIn(at: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(
    ids.map(async (id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')), // it may be gone
  )
  return lines.filter((line) => line.includes(at))
}

/** The distribution, or the old one that had stepped aside when the swap was cut; the next build puts it back. */
async function standing(dist: string): Promise<string> {
  const names = await readdir(dist)
  const name = names.includes('standard') ? 'standard' : names.find((one) => /\.old-/.test(one))
  if (name === undefined) throw new Error(`no distribution among ${names.join(', ') || 'nothing'}`)
  return join(dist, name)
}
