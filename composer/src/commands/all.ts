import type { RunCommand } from './command.ts'

/** Option → what its value is called; empty for those that have none. */
export const options = {
  out: 'DIR',
  against: 'LOCK',
  base: 'PATH',
  platform: 'NAME',
  to: 'FOLDER',
  frozen: '',
  relock: '',
  offline: '',
  plan: '',
  'dry-run': '',
  yes: '',
  tree: '',
  prebuilt: '',
  replace: '',
  json: '',
  quiet: '',
} as const
export type Option = keyof typeof options

export interface Listed {
  /** As its help shows them: `[may be left out]`, `as many as you like…`. */
  readonly words: string
  readonly options: readonly Option[]
  /** Options that it cannot do without. */
  readonly needs?: readonly Option[]
  /** Its words are another's: nothing of them is an option of ours. */
  readonly isOpen?: true
  readonly load: () => Promise<RunCommand>
}

const all = {
  init: {
    words: '[NAME]',
    options: ['json', 'quiet'],
    load: async () => (await import('./init.ts')).initCommand,
  },
  add: {
    words: 'NAME[@RANGE]… [selection.yaml]',
    options: ['out', 'offline', 'json', 'quiet'],
    load: async () => (await import('./add.ts')).addCommand,
  },
  remove: {
    words: 'NAME… [selection.yaml]',
    options: ['out', 'offline', 'json', 'quiet'],
    load: async () => (await import('./remove.ts')).removeCommand,
  },
  build: {
    words: '[selection.yaml]',
    options: ['out', 'against', 'frozen', 'relock', 'offline', 'json', 'quiet'],
    load: async () => (await import('./build.ts')).buildCommand,
  },
  plan: {
    words: '[selection.yaml]',
    options: ['out', 'against', 'frozen', 'offline', 'json', 'quiet'],
    load: async () => (await import('./plan.ts')).planCommand,
  },
  lock: {
    words: '[selection.yaml]',
    options: ['out', 'frozen', 'offline', 'json', 'quiet'],
    load: async () => (await import('./plan.ts')).lockCommand,
  },
  update: {
    words: '[NAME]… [selection.yaml]',
    options: ['dry-run', 'yes', 'out', 'offline', 'json', 'quiet'],
    load: async () => (await import('./update.ts')).updateCommand,
  },
  outdated: {
    words: '[selection.yaml]',
    options: ['offline', 'json', 'quiet'],
    load: async () => (await import('./outdated.ts')).outdatedCommand,
  },
  list: {
    words: '[selection.yaml]',
    options: ['tree', 'offline', 'json'],
    load: async () => (await import('./list.ts')).listCommand,
  },
  why: {
    words: 'NAME [selection.yaml]',
    options: ['offline', 'json'],
    load: async () => (await import('./why.ts')).whyCommand,
  },
  env: {
    words: '[dist/NAME]',
    options: ['dry-run', 'json', 'quiet'],
    load: async () => (await import('./env.ts')).envCommand,
  },
  start: {
    words: '[dist/NAME]',
    options: [],
    load: async () => (await import('./start.ts')).startCommand,
  },
  migrate: {
    words: '[dist/NAME]',
    options: ['plan', 'json'],
    load: async () => (await import('./server-command.ts')).migrateCommand,
  },
  run: {
    words: '[dist/NAME] [PLUGIN:COMMAND [WORDS]]',
    options: [],
    isOpen: true,
    load: async () => (await import('./server-command.ts')).runCommand,
  },
  doctor: {
    words: '[dist/NAME]',
    options: ['json'],
    load: async () => (await import('./server-command.ts')).doctorCommand,
  },
  backup: {
    words: 'FILE [dist/NAME]',
    options: [],
    load: async () => (await import('./server-command.ts')).backupCommand,
  },
  restore: {
    words: 'FILE [dist/NAME]',
    options: ['replace'],
    load: async () => (await import('./server-command.ts')).restoreCommand,
  },
  'stack backup': {
    words: 'FILE [dist/NAME]',
    options: ['json'],
    load: async () => (await import('./stack.ts')).stackBackupCommand,
  },
  'stack restore': {
    words: 'FILE [dist/NAME]',
    options: ['replace'],
    load: async () => (await import('./stack.ts')).stackRestoreCommand,
  },
  'stack rollback': {
    words: '[dist/NAME]',
    options: ['to'],
    load: async () => (await import('./stack.ts')).stackRollbackCommand,
  },
  'plugin new': {
    words: 'NAME',
    options: ['out', 'quiet'],
    load: async () => (await import('./plugin-new.ts')).newCommand,
  },
  'plugin types': {
    words: '[FOLDER]',
    options: ['offline', 'quiet'],
    load: async () => (await import('./plugin-types.ts')).typesCommand,
  },
  'plugin check': {
    words: '[FOLDER]',
    options: ['offline', 'json', 'quiet'],
    load: async () => (await import('./plugin-check.ts')).checkCommand,
  },
  'plugin pack': {
    words: '[FOLDER]',
    options: ['prebuilt', 'out', 'offline', 'json', 'quiet'],
    load: async () => (await import('./plugin-pack.ts')).packCommand,
  },
  'plugin inspect': {
    words: '[FILE|FOLDER]',
    options: ['json'],
    load: async () => (await import('./plugin-inspect.ts')).inspectCommand,
  },
  catalog: {
    words: 'FOLDER',
    options: ['out', 'json', 'quiet'],
    needs: ['out'],
    load: async () => (await import('./catalog.ts')).catalogCommand,
  },
  image: {
    words: '[dist/NAME | selection.yaml]',
    options: ['base', 'platform', 'out', 'frozen', 'offline', 'json', 'quiet'],
    load: async () => (await import('./image.ts')).imageCommand,
  },
  verify: {
    words: '[dist/NAME]',
    options: ['json', 'quiet'],
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  explain: {
    words: '[CODE]',
    options: [],
    load: async () => (await import('./explain.ts')).explainCommand,
  },
} satisfies Readonly<Record<string, Listed>>

export type CommandName = keyof typeof all
/** Every command, with all that it takes. */
export const commands: Readonly<Record<CommandName, Listed>> = all
export const commandNames = Object.keys(all) as readonly CommandName[] // of this very object
export const isCommand = (name: string): name is CommandName => Object.hasOwn(all, name)
