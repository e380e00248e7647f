import { readFileSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build, problemText, Refused, type StageEvent } from '@bitcartcc/composer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from './support/compose.ts'
import { builtStandard } from './support/distribution.ts'

let cwd: string
let cacheDir: string
const route = 'plugins/ratings/api/routes.ts'

beforeEach(async () => {
  ;({ cacheDir } = await builtStandard())
  cwd = await mkdtemp(join(tmpdir(), 'compose-meanwhile-'))
  const from = join(root, 'plugins/ratings')
  await cp(from, join(cwd, 'plugins/ratings'), {
    recursive: true,
    filter: (path) => basename(path) !== 'node_modules',
  })
  await writeFile(
    join(cwd, 'selection.yaml'),
    [
      'distribution: shop',
      'core: ^1.0.0',
      'plugins: { ratings: { path: ./plugins/ratings } }',
      'deployment: { images: tags }',
      '',
    ].join('\n'),
  )
})
afterEach(() => rm(cwd, { recursive: true, force: true, maxRetries: 5 }))

/** Builds, and saves the route with another description as soon as a stage says so. */
function buildWhileSaving(stage: StageEvent['stage'], state: StageEvent['state']) {
  let isSaved = false
  return build(join(cwd, 'selection.yaml'), {
    cwd,
    cacheDir,
    onStage(event) {
      if (isSaved || event.stage !== stage || event.state !== state) return
      isSaved = true
      const file = join(cwd, route)
      writeFileSync(file, readFileSync(file, 'utf8').replace('newest first.', 'saved late.'))
    },
  })
}
const buildAgain = () => build(join(cwd, 'selection.yaml'), { cwd, cacheDir })

/** Whether the server knows the description that was saved late. */
async function isInside(): Promise<boolean> {
  const chunks = join(cwd, 'dist/shop/chunks')
  const names = (await readdir(chunks)).filter((name) => /^ratings-.*\.js$/.test(name))
  const texts = await Promise.all(names.map((name) => readFile(join(chunks, name), 'utf8')))
  expect(texts.some((text) => /newest first\.|saved late\./.test(text))).toBe(true)
  return texts.some((text) => text.includes('saved late.'))
}

test('what is saved while a build runs is not in it, and is in the next one', async () => {
  await buildWhileSaving('check', 'started')
  expect(await isInside()).toBe(false)
  expect(await buildAgain()).toMatchObject({ isAsBefore: false })
  expect(await isInside()).toBe(true)
  expect(await buildAgain()).toMatchObject({ isAsBefore: true })
})

test('what is saved between plan and compile is refused, for the plan was made without it', async () => {
  const refusal: unknown = await buildWhileSaving('plan', 'done').catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Refused)
  expect((refusal as Refused).problems.map(problemText).join('\n')).toMatchInlineSnapshot(`
    "✗ api/routes.ts of ratings was saved while the build began.

        Its plan was made with the file as it had been, and both have to agree.

        plugins/ratings/api/routes.ts   other bytes than were planned with

      Nothing was written to dist/.

      Fix: Run the command again.

      More: compose explain compile/saved-meanwhile
    "
  `) // asserted above
  expect(await buildAgain()).toMatchObject({ isAsBefore: false })
  expect(await isInside()).toBe(true)
})
