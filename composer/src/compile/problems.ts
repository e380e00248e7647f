import { stripVTControlCharacters } from 'node:util'
import type { Problem } from '@bitcartcc/sdk/problem'

const kept = 'Nothing was written to dist/.'

const linesOf = (text: string) =>
  stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** The server bundle, loaded once to learn its schemas, ended with an error, or did not end in this time. */
export const bundleDoesNotLoad = (output: string, seconds: number | undefined): Problem => {
  const lines = linesOf(output)
  // A chunk holds what one plugin has, and carries its name.
  const plugin = lines
    .map(
      (line) =>
        /^at .*[/\\]chunks[/\\](?!core-|vendor-|core\b|vendor\b)(.+)-[\w-]{8}\.js:/.exec(line)?.[1],
    )
    .find((name) => name !== undefined)
  const said = lines.filter((line) => !/^(at |\d+: |\^+$|[{}]+$|file:|node:|Node\.js v)/.test(line))
  const start = said.findIndex((line) => /^\w*Error\b/.test(line))
  return {
    code: 'compile/bundle-does-not-load',
    says:
      seconds === undefined
        ? `The compiled server stops while its modules are loaded.`
        : `The compiled server did not load within ${seconds} s.`,
    because: [
      `A module of ${plugin ?? 'a plugin'} does something when it is imported, and there it has no files, no settings and no database.`,
    ],
    facts: said.slice(Math.max(0, start), Math.max(0, start) + 6).map((line) => ['it said', line]),
    kept,
    fix: ['Move what the module does into a handler, a job or a listener.'],
  }
}

/** A module could not be compiled; the lines and columns that a bundler draws are of what it made of the file. */
export const doesNotCompile = (message: string): Problem => ({
  code: 'compile/does-not-compile',
  says: 'A module of this distribution cannot be compiled.',
  facts: linesOf(message)
    .filter((line) => !/^(at |Build failed|Stack backtrace|[\u2500-\u257f])|^\d+ \u2502/.test(line))
    .slice(0, 8)
    .map((line) => ['compiler', line]),
  kept,
  fix: ['Mend the module named above, or leave its plugin out of the selection.'],
})

/** A file of a plugin is not what it was when the plan was made, a moment before. */
export const savedMeanwhile = (
  { name, source }: { readonly name: string; readonly source: string },
  path: string,
  isGone: boolean,
): Problem => ({
  code: 'compile/saved-meanwhile',
  says: `${path} of ${name} was ${isGone ? 'taken away' : 'saved'} while the build began.`,
  because: ['Its plan was made with the file as it had been, and both have to agree.'],
  facts: [[`${source}/${path}`, isGone ? 'gone' : 'other bytes than were planned with']],
  kept,
  fix: ['Run the command again.'],
})
