import type { Path } from './yaml-file.ts'

/** What does not fit a schema, each with its path. */
export type Misfit =
  | {
      readonly kind: 'unknown-key'
      readonly path: Path
      readonly key: string
      readonly known: readonly string[]
    }
  | { readonly kind: 'missing-key'; readonly path: Path; readonly key: string }
  | { readonly kind: 'wrong-value'; readonly path: Path; readonly expects: string }

/** The part of JSON Schema that our own schemas use. */
export interface Schema {
  readonly type?: string | undefined
  readonly properties?: Readonly<Record<string, Schema>> | undefined
  readonly patternProperties?: Readonly<Record<string, Schema>> | undefined
  readonly required?: readonly string[] | undefined
  readonly additionalProperties?: boolean | Schema | undefined
  readonly items?: Schema | undefined
  readonly minItems?: number | undefined
  readonly minProperties?: number | undefined
  readonly anyOf?: readonly Schema[] | undefined
  readonly const?: unknown
  readonly pattern?: string | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly description?: string | undefined
}

/** Everything in a value that its schema does not allow. */
export function misfits(schema: Schema, value: unknown, path: Path = []): readonly Misfit[] {
  if (schema.anyOf) return ofUnion(schema.anyOf, value, path)
  if ('const' in schema) return value === schema.const ? [] : wrong(path, String(schema.const))
  if (schema.type === 'object') return ofObject(schema, value, path)
  if (schema.type === 'array') {
    if (!Array.isArray(value) || value.length < (schema.minItems ?? 0)) return wrong(path, 'a list')
    return value.flatMap((item, at) => misfits(schema.items ?? {}, item, [...path, at]))
  }
  return fitsScalar(schema, value) ? [] : wrong(path, expected(schema))
}

const wrong = (path: Path, expects: string): readonly Misfit[] => [
  { kind: 'wrong-value', path, expects },
]

function ofUnion(choices: readonly Schema[], value: unknown, path: Path): readonly Misfit[] {
  const tried = choices.map((choice) => misfits(choice, value, path))
  if (tried.some((found) => found.length === 0)) return []
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  const isMeant = (choice: Schema) =>
    isMap && choice.type === 'object' && (choice.required ?? []).every((key) => key in value)
  const meant = choices.findIndex(isMeant)
  const inside =
    meant === -1 ? choices.findIndex((choice) => isMap && choice.type === 'object') : meant
  if (inside !== -1) return tried[inside] ?? []
  return wrong(
    path,
    [
      ...new Set(
        choices.map((choice) => ('const' in choice ? String(choice.const) : expected(choice))),
      ),
    ].join(' or '),
  )
}

function ofObject(schema: Schema, value: unknown, path: Path): readonly Misfit[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong(path, 'a mapping')
  if (Object.keys(value).length < (schema.minProperties ?? 0))
    return wrong(path, 'a mapping that is not empty')
  const known = Object.keys(schema.properties ?? {})
  const patterns = Object.entries(schema.patternProperties ?? {})
  const found: Misfit[] = (schema.required ?? [])
    .filter((key) => !(key in value))
    .map((key) => ({ kind: 'missing-key', path, key }))
  for (const [key, inner] of Object.entries(value)) {
    const rule = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined
    const byPattern = patterns.find(([pattern]) => matches(pattern, key))?.[1]
    const rest =
      typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
    const used = rule ?? byPattern ?? rest
    if (used) found.push(...misfits(used, inner, [...path, key]))
    else if (patterns.length > 0 && known.length === 0)
      found.push({
        kind: 'wrong-value',
        path: [...path, key],
        expects: example(patterns[0]?.[0] ?? ''),
      })
    else if (schema.additionalProperties === false)
      found.push({ kind: 'unknown-key', path: [...path, key], key, known })
  }
  return found
}

/** Our own schemas have few patterns, and one may be asked for each key of a large file. */
function matches(pattern: string, text: string): boolean {
  const known = compiled.get(pattern) ?? new RegExp(pattern, 'u')
  compiled.set(pattern, known)
  return known.test(text)
}
const compiled = new Map<string, RegExp>()

function example(pattern: string): string {
  if (pattern.includes('environment')) return 'a path like environment or environment.PLUGINS'
  if (pattern.includes('\\.')) return 'a name like ratings.view'
  return pattern.includes('a-z0-9]+)*') ? 'a name like gift-cards' : 'a name like minimumStars'
}

function fitsScalar(schema: Schema, value: unknown): boolean {
  if (schema.type === undefined) return true
  if (schema.type === 'string')
    return (
      typeof value === 'string' &&
      value.length >= (schema.minLength ?? 0) &&
      value.length <= (schema.maxLength ?? Infinity) &&
      (schema.pattern === undefined || matches(schema.pattern, value))
    )
  if (schema.type === 'boolean') return typeof value === 'boolean'
  return (
    typeof value === 'number' &&
    (schema.type === 'number' || Number.isInteger(value)) &&
    value >= (schema.minimum ?? -Infinity) &&
    value <= (schema.maximum ?? Infinity)
  )
}

/** Says in words what a schema takes. */
export function expected(schema: Schema): string {
  if (schema.description) return schema.description
  if (schema.type === 'object') return 'a mapping'
  if (schema.type === 'array') return 'a list'
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'string') {
    if (schema.pattern?.startsWith('^[a-z][a-z0-9]*(')) return 'a name like gift-cards'
    if (schema.pattern) return `a text like ${schema.pattern}`
    return schema.maxLength === undefined
      ? 'a text'
      : `a text of at most ${schema.maxLength} characters`
  }
  const range = [
    schema.minimum === undefined ? '' : ` from ${schema.minimum}`,
    schema.maximum === undefined ? '' : ` to ${schema.maximum}`,
  ].join('')
  return `${schema.type === 'integer' ? 'a whole number' : 'a number'}${range}`
}
