import { stripVTControlCharacters } from 'node:util'
import type { Problem } from '@bitcartcc/sdk/problem'

const lastLines = (text: string) =>
  stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(at |\d+: |Stack backtrace|Node\.js v)/.test(line))
    .slice(0, 8)
    .map((line) => [line])

/** The server bundle, loaded once to learn its schemas, ended with an error. */
export const bundleDoesNotLoad = (output: string): Problem => ({
  code: 'compile/bundle-does-not-load',
  says: 'The compiled server stops while its modules are loaded.',
  because: [
    'A module of a plugin does something when it is imported, which fails without rights and settings.',
  ],
  facts: lastLines(output),
  kept: 'Nothing was written to dist/.',
  fix: ['Move what the module does into a handler, a job or a listener.'],
})

/** A module could not be compiled. */
export const doesNotCompile = (message: string): Problem => ({
  code: 'compile/does-not-compile',
  says: 'A module of this distribution cannot be compiled.',
  facts: lastLines(message),
  kept: 'Nothing was written to dist/.',
  fix: ['Mend the module named above, or leave its plugin out of the selection.'],
})
