import { parseArgs } from 'node:util'
import { nearest } from '../read/nearest.ts'
import { commandNames, commands, isCommand, options, type CommandName, type Option } from './all.ts'
import type { Flags } from './command.ts'

/** What a command line asks for. */
export type Asked =
  | { readonly name: CommandName; readonly words: readonly string[]; readonly flags: Flags }
  /** The help of a command, or that of compose. */
  | { readonly helpOf: string | undefined }
  | { readonly isVersion: true }
  /** What is not as it should be, and what could be. */
  | { readonly wrong: string }

/** Reads a command line; nothing in it is passed over that the command does not take. */
export function readArgs([first = '--help', ...rest]: readonly string[]): Asked {
  if (isHelp(first)) return { helpOf: undefined }
  if (['--version', '-v', 'version'].includes(first)) return { isVersion: true }
  if (first === 'help') return readArgs([...rest, '--help'])
  if (isCommand(first)) return readRest(first, rest)
  const verbs = commandNames.flatMap((name) =>
    name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : [],
  )
  const [verb, ...after] = rest
  if (verbs.length === 0) {
    const isBefore = first.startsWith('-') && verb !== undefined && isCommand(verb)
    return noCommand(
      'compose',
      first,
      commandNames.map(firstWord),
      isBefore ? `${verb} ${first}` : undefined,
    )
  }
  if (verb === undefined)
    return {
      wrong: `compose ${first} needs one of: ${verbs.join(', ')}.\n\n  More: compose ${first} --help`,
    }
  if (isHelp(verb)) return { helpOf: first }
  const name = `${first} ${verb}`
  return isCommand(name) ? readRest(name, after) : noCommand(`compose ${first}`, verb, verbs)
}

const isHelp = (word: string) => word === '--help' || word === '-h'
const firstWord = (name: string): string => name.split(' ')[0] ?? ''

function noCommand(
  of: string,
  name: string,
  names: readonly string[],
  near = nearest(name, names),
): Asked {
  const what = name.startsWith('-') ? 'option' : 'command named'
  return {
    wrong: `${of} has no ${what} ${name}.${near === undefined ? '' : ` Did you mean   ${of} ${near}`}\n\n  More: ${of} --help`,
  }
}

function readRest(name: CommandName, rest: readonly string[]): Asked {
  const command = commands[name]
  if (isHelp(rest[0] ?? '')) return { helpOf: name }
  if (command.isOpen) return { name, words: rest, flags: flagsOf(new Map()) }
  const { tokens } = parseArgs({
    args: [...rest],
    options: Object.fromEntries(
      Object.entries(options).map(([option, value]) => [
        option,
        { type: value === '' ? 'boolean' : 'string' } as const,
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const given = new Map<Option, string | undefined>()
  const words: string[] = []
  const wrong: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const { rawName, value, inlineValue } = token
    if (isHelp(rawName)) return { helpOf: name }
    const option = command.options.find((each) => rawName === `--${each}`)
    if (option === undefined) {
      const near = nearest(rawName.replace(/^-+/, ''), command.options)
      wrong.push(
        `compose ${name} has no option ${rawName}.${near === undefined ? '' : ` Did you mean   --${near}`}`,
      )
    } else if (options[option] === '') {
      if (value !== undefined) wrong.push(`--${option} takes no value.`)
    } else if (!value || (value.startsWith('-') && !inlineValue))
      wrong.push(`--${option} needs a value: ${shownOption(option)}.`)
    if (option === undefined) continue
    if (given.has(option) && value !== undefined) wrong.push(`--${option} is given twice.`)
    given.set(option, value)
  }
  wrong.push(...misfitsOf(name, words, given))
  const [sentence] = wrong
  return sentence === undefined
    ? { name, words, flags: flagsOf(given) }
    : { wrong: sentence + more(name) }
}

/** What there is too much of, and what is missing. */
function misfitsOf(
  name: CommandName,
  words: readonly string[],
  given: ReadonlyMap<Option, unknown>,
): readonly string[] {
  const { words: takes, needs = [] } = commands[name]
  const places = takes.match(/\[[^\]]*\]…?|\S+/g) ?? []
  const isList = takes.includes('…')
  const surplus = isList ? words.filter(isSelection).slice(1) : words.slice(places.length)
  const names = isList ? words.filter((word) => !isSelection(word)) : words
  const missing = [
    ...places
      .slice(names.length)
      .filter((place) => !place.startsWith('['))
      .map((place) => place.replace(/\[.*|…/, '')),
    ...needs.filter((option) => !given.has(option)).map(shownOption),
  ]
  return [
    ...(words.includes('')
      ? [`compose ${name} was given an empty word: is a variable of the shell not set?`]
      : []),
    ...(surplus.length > 0 ? [`compose ${name} has no use for ${surplus.join(' ')}.`] : []),
    ...(missing.length > 0 ? [`compose ${name} needs ${missing.join(' and ')}.`] : []),
  ]
}

/** Names of plugins do not end like this. */
export const isSelection = (word: string): boolean => /\.ya?ml$/.test(word)

/** What a command takes, in two lines. */
function more(name: CommandName): string {
  const { words, options: own, needs = [] } = commands[name]
  const usage = ['compose', name, words, ...needs.map(shownOption)].join(' ')
  const list = own
    .filter((each) => !needs.includes(each))
    .map(shownOption)
    .join(', ')
  return `\n\n  ${usage}\n${list === '' ? '' : `  ${list}\n`}\n  More: compose ${name} --help`
}

const shownOption = (option: Option) => `--${option} ${options[option]}`.trimEnd()

const flagsOf = (given: ReadonlyMap<Option, string | undefined>): Flags => ({
  out: given.get('out'),
  against: given.get('against'),
  base: given.get('base'),
  platform: given.get('platform'),
  to: given.get('to'),
  frozen: given.has('frozen'),
  relock: given.has('relock'),
  offline: given.has('offline'),
  plan: given.has('plan'),
  dryRun: given.has('dry-run'),
  yes: given.has('yes'),
  tree: given.has('tree'),
  prebuilt: given.has('prebuilt'),
  replace: given.has('replace'),
  json: given.has('json'),
  quiet: given.has('quiet'),
})
