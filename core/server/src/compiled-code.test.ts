import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
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
  await writeFile(join(folder, 'program.mjs'), "console.log('the program ran')\n")
  await build('one')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const build = (content: string) => writeFile(join(folder, 'SHA256SUMS'), content)
const data = () => join(folder, 'data')
const kept = () => join(data(), 'compiled-code')

async function run(command: string, dataDir = data()): Promise<string> {
  const args = [join(folder, 'server.mjs'), command]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { DATA_DIR: dataDir },
  })
  return stdout.trim()
}

/** Paths of the files that Node keeps, from the folder of all. */
async function files(): Promise<readonly string[]> {
  const entries = await readdir(kept(), { recursive: true, withFileTypes: true })
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))
}

test('each way to serve keeps its compiled code, and another distribution begins anew', async () => {
  expect([await run('migrate'), await readdir(folder)]).toEqual([
    'the program ran',
    ['SHA256SUMS', 'program.mjs', 'server.mjs'],
  ])
  await run('api')
  await run('worker')
  const first = await readdir(kept())
  expect(first).toEqual(['api-7692c3ad3540', 'worker-7692c3ad3540'])
  expect(await files()).toHaveLength(2)

  await build('two')
  await run('api')
  expect(await readdir(kept())).toEqual(['api-3fc4ccfe7458', 'worker-7692c3ad3540'])
})

test.skipIf(!process.getuid)('where others may write, it is not used', async () => {
  await mkdir(kept(), { recursive: true })
  await chmod(kept(), 0o777)
  expect([await run('serve'), await readdir(kept())]).toEqual(['the program ran', []])

  await rm(kept(), { recursive: true })
  await mkdir(join(folder, 'elsewhere'))
  await symlink(join(folder, 'elsewhere'), kept())
  expect([await run('serve'), await readdir(kept())]).toEqual(['the program ran', []])
})

test('nothing hangs on it: not on its bytes, and not on whether it can be written', async () => {
  await run('serve')
  for (const file of await files()) await writeFile(file, 'something else')
  expect(await run('serve')).toBe('the program ran')

  const taken = join(folder, 'taken')
  await mkdir(taken)
  await writeFile(join(taken, 'compiled-code'), 'a file')
  expect(await run('serve', taken)).toBe('the program ran')
  await rm(join(folder, 'SHA256SUMS'))
  expect(await run('serve')).toBe('the program ran')
})
