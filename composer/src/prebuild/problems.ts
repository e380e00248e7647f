import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Problem } from '@bitcartcc/sdk/problem'

/** A module of the plugin could not be compiled. */
export const doesNotCompile = (message: string, folder: string): Problem => ({
  code: 'compile/plugin-does-not-compile',
  says: 'A module of this plugin cannot be compiled.',
  facts: stripVTControlCharacters(message)
    .replaceAll(`${relative(process.cwd(), folder).replaceAll('\\', '/')}/`, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '))
    .slice(0, 8)
    .map((line) => [line]),
  kept: 'No archive was written.',
  fix: ['Mend the module named above.'],
})

/** Machine code is for one kind of machine; what is prebuilt is to run on every one. */
export const machineCodeInside = (plugin: string, packages: readonly string[]): Problem => ({
  code: 'lock/prebuilt-machine-code',
  says: `${plugin} cannot be prebuilt: npm packages of it bring machine code.`,
  facts: packages.map((each) => [each]),
  kept: 'No archive was written.',
  fix: ['Pack it as source:   compose plugin pack', 'Or do without those packages.'],
})
