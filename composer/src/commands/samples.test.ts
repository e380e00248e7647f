import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { tellFailure } from './failure.ts'
import { planCommand } from './plan.ts'

// What is fetched goes to the cache, which is no part of a sample.
process.env['COMPOSE_CACHE_DIR'] = mkdtempSync(join(tmpdir(), 'compose-samples-'))
const home = process.cwd()
afterAll(() => {
  process.chdir(home)
  rmSync(process.env['COMPOSE_CACHE_DIR'] ?? '', { recursive: true, force: true })
  delete process.env['COMPOSE_CACHE_DIR']
})

const samples = join(import.meta.dirname, '../../../test/samples')

/** What its first line asks for: `# flags: --frozen`. */
function flagsOf(selection: string) {
  const [, asked] = /^# flags: (.+)/.exec(selection) ?? []
  const options = { frozen: { type: 'boolean' }, against: { type: 'string' } } as const
  const { values } = parseArgs({ args: asked?.split(' ') ?? [], options })
  return { frozen: values.frozen ?? false, against: values.against }
}

// Each folder shows one refusal: a selection, its plugins, and the very words compose finds for it.
const ofPlan = readdirSync(samples).filter((name) =>
  /^(selection|sources|resolve|lock|plan)-/.test(name),
)
test.each(ofPlan.toSorted())('%s', async (sample) => {
  process.chdir(join(samples, sample))
  const hadLock = existsSync('selection.lock')
  let told = ''
  let printed = ''
  const command = {
    words: [],
    flags: {
      ...flagsOf(readFileSync('selection.yaml', 'utf8')),
      json: false,
      quiet: true,
    },
    print: (text: string) => void (printed += text),
    tell: (text: string) => void (told += text),
  }
  const exit = await planCommand(command).catch((error: unknown) => tellFailure(error, command))
  expect({ exit, printed }).toEqual({ exit: 1, printed: '' })
  await expect(told.trimStart()).toMatchFileSnapshot(join(samples, sample, 'expected.txt'))
  // Planning refuses before anything is written.
  expect(readdirSync('.').filter((name) => name === 'dist' || name === '.compose')).toEqual([])
  expect(existsSync('selection.lock')).toBe(hadLock)
})
