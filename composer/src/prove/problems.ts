import type { Problem } from '@bitcartcc/sdk/problem'
import type { WrongAnswer } from './ask.ts'

const kept = 'dist/ still holds what it held before.'

/** The last lines a program said, without the frame of its log. */
const lastWords = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-6)
    .map((line) => ['it said', line.trim()])

export const doesNotStart = (what: string, output: string, seconds: number): Problem => ({
  code: 'prove/does-not-start',
  says: `${what} did not come up within ${seconds} s.`,
  facts: lastWords(output),
  kept,
  fix: ['Read its last lines above: they name the module or the plugin that stops it.'],
})

export const ended = (what: string, output: string): Problem => ({
  code: 'prove/ended',
  says: `${what} ended right after its start.`,
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
