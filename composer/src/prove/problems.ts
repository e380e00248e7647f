import type { Problem } from '@bitcartcc/sdk/problem'
import type { WrongAnswer } from './ask.ts'

const kept = 'dist/ still holds what it held before.'

/** The last lines a program said, without the frame of its log and the frames of a stack: they are of the bundle. */
const lastWords = (output: string) =>
  output
    .replaceAll(/^\S+:\d+\n.*\n\s*\^+$/gm, '')
    .split('\n')
    .map((line) => worded(line.trim()))
    .filter((line) => line !== '' && !/^(at |\}$|Node\.js v)/.test(line))
    .slice(-6)
    .map((line) => ['it said', line])

/** A line of the product's log as a person would say it; any other as it is. */
function worded(line: string): string {
  try {
    const { msg, level, error } = JSON.parse(line) as Record<string, unknown> // looked at before it is used
    if (typeof msg !== 'string') return line
    const because = typeof error === 'string' ? `: ${error.split('\n')[0]}` : ''
    return level === 'info' ? msg : `${String(level)}: ${msg}${because}`
  } catch {
    return line
  }
}

export const doesNotStart = (what: string, output: string, seconds: number): Problem => ({
  code: 'prove/does-not-start',
  says: `${what} did not come up within ${seconds} s.`,
  facts: lastWords(output),
  kept,
  fix: ['Read its last lines above: they name the module or the plugin that stops it.'],
})

export const ended = (what: string, output: string): Problem => ({
  code: 'prove/ended',
  says: `${what} ended by itself when it was tried.`,
  facts: lastWords(output),
  kept,
  fix: ['Read its last lines above: they name the module or the plugin that stops it.'],
})

export const answersWrongly = (wrong: readonly WrongAnswer[], output: string): Problem => ({
  code: 'prove/answers-wrongly',
  says:
    wrong.length === 1
      ? 'The product was started, and one of its addresses does not answer as it should.'
      : `The product was started, and ${wrong.length} of its addresses do not answer as they should.`,
  facts: [...wrong.slice(0, 20).map(({ asked, answer }) => [asked, answer]), ...lastWords(output)],
  kept,
  fix: ['Mend the plugin whose address it is, or leave it out of the selection.'],
})
