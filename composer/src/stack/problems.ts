import type { Problem } from '@bitcartcc/sdk/problem'

const unchanged = 'Nothing was changed.'
const lastWords = 12

/** There is no engine to ask. */
export const noEngine = (program: string): Problem => ({
  code: 'stack/no-engine',
  says: `There is no program ${program} on this machine.`,
  fix: ['Run this where the stack runs, as a user who may use Docker.'],
})

/** The engine, docker-compose or a program of the database did not do what it was asked. */
export const engineFailed = (asked: string, said: string): Problem => ({
  code: 'stack/engine-failed',
  says: `${asked} did not succeed.`,
  facts: said
    .split('\n')
    .slice(-lastWords)
    .map((line) => [line]),
  fix: ['Mend what it says, and do this again.'],
})

/** The database's container is asked, and does not run. */
export const notRunning = (project: string, up: string): Problem => ({
  code: 'stack/not-running',
  says: `No database of the stack ${project} runs here.`,
  kept: unchanged,
  fix: [`Start it:   ${up} database`],
})

export const fileExists = (file: string): Problem => ({
  code: 'stack/file-exists',
  says: `${file} is there already.`,
  kept: 'It was left as it is.',
  fix: ['Name a file that is not there, or move this one away.'],
})

export const noFile = (file: string): Problem => ({
  code: 'stack/no-file',
  says: `There is no file ${file}.`,
  kept: unchanged,
  fix: ['Name what   compose stack backup FILE   wrote.'],
})

export const damaged = (file: string, why: string): Problem => ({
  code: 'stack/damaged',
  says: `${file} is no backup of a stack, or not the whole of one.`,
  facts: [[file, why]],
  kept: unchanged,
  fix: ['Take another copy of it.'],
})

/** A restore would take the place of what a shop stored. */
export const notEmpty = (project: string, volumes: readonly string[], again: string): Problem => ({
  code: 'stack/not-empty',
  says: `The stack ${project} has ${volumes.length === 1 ? 'a volume' : 'volumes'} already.`,
  facts: volumes.map((name) => [name]),
  kept: unchanged,
  fix: [
    'Save what is in them, where it is worth anything:   compose stack backup before.tgz',
    `To take them away for good, and restore:   ${again}`,
  ],
})

/** The backup holds volumes that nothing in this distribution would use. */
export const otherVolumes = (
  file: string,
  volumes: readonly string[],
  distribution: string,
): Problem => ({
  code: 'stack/other-volumes',
  says: `${file} holds what ${distribution} has no place for.`,
  facts: volumes.map((key) => [`volume ${key}`]),
  kept: unchanged,
  fix: ['Build the distribution with the plugins that the backup was made of.'],
})

/** What was sealed under one key opens with no other. */
export const otherKey = (file: string, isGiven: boolean): Problem => ({
  code: 'stack/other-key',
  says: isGiven
    ? `The SECRET_KEY of .env is not the one that ${file} was made under.`
    : `${file} was made under a SECRET_KEY, and .env gives none.`,
  because: ['The secrets among the rows, wallets and tokens say, open with that key alone.'],
  kept: unchanged,
  fix: ['Put the SECRET_KEY of the stack that was saved into .env.'],
})

/** `dist/` holds nothing from before the last build. */
export const noFormer = (at: string): Problem => ({
  code: 'stack/no-former',
  says: `No former distribution was kept beside ${at}.`,
  kept: unchanged,
  fix: [
    'Name the folder of one:   compose stack rollback --to FOLDER',
    'or build it from its lock:   compose build --frozen',
  ],
})

/** A distribution of another name is no earlier one. */
export const otherDistribution = (at: string, name: string, wanted: string): Problem => ({
  code: 'stack/other-distribution',
  says: `${at} is the distribution ${name}, and not ${wanted}.`,
  kept: unchanged,
  fix: ['Name a folder with an earlier build of it.'],
})

/** The former selection dropped what the present one has filled again. */
export const wouldDrop = (plugin: string, how: 'export' | 'drop'): Problem => ({
  code: 'stack/would-drop',
  says: `The former distribution says   removed: { ${plugin}: ${how} }   and would drop what ${plugin} has stored since.`,
  kept: unchanged,
  fix: [`Build it again with   removed: { ${plugin}: keep }   and name its folder with --to.`],
})
