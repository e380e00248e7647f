import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'
import { nearest } from '../read/nearest.ts'
import type { RunCommand } from './command.ts'

const folder = join(import.meta.dirname, '../explain')

/** `compose explain CODE`: the help page of a problem; of a stage, or without a code, the list of them. */
export const explainCommand: RunCommand = async ({ words, print }) => {
  const [code = ''] = words
  const codes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replace(/\.md$/, '').replaceAll('\\', '/'))
    .toSorted()
  const list =
    code === '' ? codes : codes.filter((each) => each.startsWith(`${code.replace(/\/$/, '')}/`))
  if (list.length > 0) {
    print(`${list.join('\n')}\n`)
    return 0
  }
  const page = join(folder, `${code}.md`)
  if (codes.includes(code) && existsSync(page)) {
    print(`${readFileSync(page, 'utf8').trimEnd()}\n`)
    return 0
  }
  const lastWord = (each: string) => each.split('/')[1] ?? ''
  const last = nearest(code, codes.map(lastWord))
  const near = nearest(code, codes) ?? codes.find((each) => lastWord(each) === last)
  throw new Refused([
    {
      code: 'explain/unknown-code',
      says: `There is no problem with the code ${code}.`,
      fix: [
        near === undefined ? 'See all codes:   compose explain' : `Write   compose explain ${near}`,
      ],
    },
  ])
}
