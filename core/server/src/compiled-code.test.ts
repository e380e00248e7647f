import { execFile } from 'node:child_process'
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compose-compiled-'))
  const home = JSON.stringify(join(import.meta.dirname, 'compiled-code.ts'))
  const entry = `import { useCompiledCode } from ${home}
useCompiledCode(import.meta.dirname)
await import('./program.mjs')
`
  await writeFile(join(folder, 'server.mjs'), entry)
  await writeFile(join(folder, 'core.mjs'), 'export const said = "the program ran"\n')
  await build('one')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Another distribution in the same place; what comes from core is the same. */
async function build(name: string): Promise<void> {
  await writeFile(join(folder, 'SHA256SUMS'), name)
  const program = `import { said } from './core.mjs'\nconsole.log(said, '${name}')\n`
  await writeFile(join(folder, 'program.mjs'), program)
}
const data = () => join(folder, 'data')
const kept = () => join(data(), 'compiled-code')

/** Gives what was said, and of which files nothing was compiled. */
async function run(command: string, dataDir = data()) {
  const args = [join(folder, 'server.mjs'), command]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    env: { DATA_DIR: dataDir, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
  })
  const taken = /code cache for ESM \S+\/(\S+) was accepted/g
  return [stdout.trim(), [...stderr.matchAll(taken)].map(([, file]) => file)]
}

/** Paths of the files that Node keeps, from the folder of all. */
async function files(): Promise<readonly string[]> {
  const entries = await readdir(kept(), { recursive: true, withFileTypes: true })
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))
}

test('a server takes what migrate compiled before it, and after an update what did not change', async () => {
  await mkdir(data())
  expect([
    await run('migrate'),
    await run('api'),
    await build('two'),
    await run('worker'),
    await run('api'),
  ]).toEqual([
    ['the program ran one', []],
    ['the program ran one', ['program.mjs', 'core.mjs']],
    undefined,
    ['the program ran two', ['core.mjs']],
    ['the program ran two', ['program.mjs', 'core.mjs']],
  ])
})

test('who only looks in makes no data folder, and leaves nothing in one', async () => {
  expect([await run('migrate'), (await readdir(folder)).includes('data')]).toEqual([
    ['the program ran one', []],
    false,
  ])
  await mkdir(data())
  expect([await run('help'), await readdir(data())]).toEqual([['the program ran one', []], []])
})

test('of distributions that are gone there is a bounded amount', async () => {
  await run('serve')
  const old = join(kept(), 'old')
  await writeFile(old, '')
  await truncate(old, 41_000_000)
  expect([await run('serve'), (await readdir(kept())).includes('old')]).toEqual([
    ['the program ran one', ['program.mjs', 'core.mjs']],
    true,
  ])
  await build('two')
  expect([await run('serve'), (await readdir(kept())).includes('old')]).toEqual([
    ['the program ran two', []],
    false,
  ])
  expect(await run('serve')).toEqual(['the program ran two', ['program.mjs', 'core.mjs']])
})

test.skipIf(!process.getuid)('where others may write, it is not used', async () => {
  await mkdir(kept(), { recursive: true })
  await chmod(kept(), 0o777)
  expect([await run('serve'), await readdir(kept())]).toEqual([['the program ran one', []], []])

  await rm(kept(), { recursive: true })
  await mkdir(join(folder, 'elsewhere'))
  await symlink(join(folder, 'elsewhere'), kept())
  expect([await run('serve'), await readdir(kept())]).toEqual([['the program ran one', []], []])
})

test.skipIf(process.getuid?.() !== 0)(
  'root leaves nothing in the data folder of another user',
  async () => {
    await mkdir(data())
    await chown(data(), 65_534, 65_534)
    expect([await run('migrate'), await readdir(data())]).toEqual([['the program ran one', []], []])
  },
)

test('nothing hangs on it: not on its bytes, and not on whether it can be written', async () => {
  await run('serve')
  for (const file of await files()) await writeFile(file, 'something else')
  expect(await run('serve')).toEqual(['the program ran one', []])

  const taken = join(folder, 'taken')
  await mkdir(taken)
  await writeFile(join(taken, 'compiled-code'), 'a file')
  expect(await run('serve', taken)).toEqual(['the program ran one', []])
  await rm(join(folder, 'SHA256SUMS'))
  expect(await run('serve')).toEqual(['the program ran one', []])
})
