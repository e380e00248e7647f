import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const home = join(import.meta.dirname, '../../..')
const pages = () => filesOf(import.meta.dirname, '.md').map((name) => name.replace(/\.md$/, ''))

const filesOf = (folder: string, end: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith(end) && !name.includes('node_modules'),
  )

test('every problem that compose or a distribution can tell of has its help page, and every page its problem', () => {
  const stages =
    /'((?:selection|sources|resolve|lock|plan|check|compile|package|prove|start|env|migrate|image|import|run|backup|restore|stack|verify|why|update|explain)\/[a-z-]+)'/g
  const sources = [
    'composer/src',
    'core/domain/src',
    'core/server/src',
    'core/api/src',
    'core/worker/src',
  ]
  const told = sources.flatMap((folder) =>
    filesOf(join(home, folder), '.ts')
      .filter((name) => !name.endsWith('.test.ts'))
      .flatMap((name) => [...readFileSync(join(home, folder, name), 'utf8').matchAll(stages)])
      .map(([, code = '']) => code)
      // In core this is what pictures are.
      .filter((code) => folder === 'composer/src' || !code.startsWith('image/')),
  )
  // Words of YAML files carry the name of the stage that reads them.
  const ofBothStages = ['selection', 'sources'].flatMap((stage) =>
    ['unknown-key', 'missing-key', 'wrong-value'].map((what) => `${stage}/${what}`),
  )
  expect(pages().toSorted()).toEqual([...new Set([...told, ...ofBothStages])].toSorted())
})

/** Code → why no test compares its whole text. */
const uncompared: Readonly<Record<string, string>> = {
  'resolve/too-hard': 'No shop small enough for a test makes the search give up.',
}

test('the whole text of every problem is compared somewhere, or stands in a list with the reason', () => {
  const tests = globSync(
    '{test,plugins,composer/src,core/*/src}/**/{*.test.ts,expected.txt,*.expected.txt}',
    { cwd: home, exclude: (name) => name.endsWith('node_modules') },
  )
  const texts = tests.map((name) => readFileSync(join(home, name), 'utf8'))
  // The last line of a text, in one that goes over several lines.
  const compared = new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/^ {2,}More: compose explain (\S+)$/gm)].map(([, code = '']) => code),
    ),
  )
  expect(
    pages()
      .filter((code) => !compared.has(code))
      .toSorted(),
  ).toEqual(Object.keys(uncompared))
})
