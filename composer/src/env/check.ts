import type { Problem } from '@bitcartcc/sdk/problem'
import type { EnvSchema } from '../model/env-schema.ts'
import { nearest } from '../read/nearest.ts'
import { envEntries } from './entries.ts'
import {
  corruptible,
  givenTwice,
  missingValue,
  notAVariable,
  unknownName,
  wrongValue,
} from './problems.ts'

export interface Checked {
  readonly schema: EnvSchema
  /** The text of the `.env`; empty where there is none. */
  readonly text: string
  readonly file: string
  /** What else gives values: the environment of the process. */
  readonly given: Readonly<Record<string, string | undefined>>
  readonly isForDocker: boolean
}

/** Everything that would go wrong with a `.env`: missing, unknown, wrong, or not the same to all who read it. Names no value. */
export function envProblems({
  schema,
  text,
  file,
  given,
  isForDocker,
}: Checked): readonly Problem[] {
  const { entries, unread } = envEntries(text)
  const known = Object.keys(schema.properties)
  const place = (line: number) => `${file}:${line}`
  const present = new Set([
    ...entries.filter(({ written }) => written.trim() !== '').map(({ name }) => name),
    ...Object.keys(given).filter((name) => (given[name] ?? '') !== ''),
  ])
  const missing = schema.required.filter(
    (name) => !present.has(name) && (isForDocker || !schema.properties[name]?.['x-docker-only']),
  )
  const twice = [...Map.groupBy(entries, ({ name }) => name).values()].filter(
    (same) => same.length > 1,
  )
  return [
    ...missing.map((name) => missingValue(name, schema.properties[name]?.title ?? '', file)),
    ...unread.map((line) => notAVariable(place(line))),
    ...twice.map((same) => givenTwice(same.map(({ name, line }) => [place(line), name]))),
    ...entries.flatMap(({ name, written, line }) => {
      const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined
      if (!property)
        return isOfDocker(name, schema)
          ? []
          : [unknownName(name, place(line), nearest(name, known))]
      if (written === '') return []
      const found = corruption(written)
      if (found !== undefined) return [corruptible(name, found, place(line))]
      const wanted = wrong(written, property)
      return wanted === undefined ? [] : [wrongValue(name, wanted, place(line))]
    }),
  ]
}

/** Names that nothing is wrong with: of ours those that may go without a value and do, and those that are read by docker-compose alone. */
export function namesThatMayBe({ schema, text }: Pick<Checked, 'schema' | 'text'>): {
  readonly withoutValue: readonly string[]
  readonly ofDocker: readonly string[]
} {
  const { entries } = envEntries(text)
  const present = new Set(
    entries.flatMap(({ name, written }) => (written.trim() === '' ? [] : [name])),
  )
  return {
    withoutValue: Object.keys(schema.properties).filter(
      (name) => !present.has(name) && !schema.required.includes(name),
    ),
    ofDocker: [...new Set(entries.map(({ name }) => name))].filter(
      (name) => !Object.hasOwn(schema.properties, name) && isOfDocker(name, schema),
    ),
  }
}

const isOfDocker = (name: string, { patternProperties }: EnvSchema) =>
  Object.keys(patternProperties).some((each) => new RegExp(each, 'u').test(name))

/** What in a value docker-compose 1.29, its later editions and Node read differently; undefined where nothing is. */
function corruption(written: string): string | undefined {
  if (written !== written.trim()) return 'a space at an end'
  const [sign] = /[$'"`\\#]/.exec(written) ?? []
  if (sign !== undefined) return sign
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u001f\u007f]/.test(written) ? 'a control character' : undefined
}

function wrong(
  written: string,
  { enum: choices, pattern, minLength }: EnvSchema['properties'][string],
): string | undefined {
  if (choices && !choices.includes(written)) return choices.join(' or ')
  if (minLength !== undefined && written.length < minLength)
    return `at least ${minLength} characters`
  if (pattern === undefined || new RegExp(pattern, 'u').test(written)) return undefined
  return pattern.includes('\\.')
    ? 'a number'
    : pattern === '^-?\\d+$'
      ? 'a whole number'
      : `like ${pattern}`
}
