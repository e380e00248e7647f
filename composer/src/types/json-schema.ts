type Schema = Readonly<Record<string, unknown>>

/** A JSON Schema as a TypeScript type; what it does not understand is `unknown`. */
export function typeOf(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'unknown'
  const { type, properties, required, items, additionalProperties, ...rest } = schema as Schema // read with care below
  if ('const' in rest) return literal(rest['const'])
  if (Array.isArray(rest['enum'])) return union(rest['enum'].map(literal))
  const choices = rest['anyOf'] ?? rest['oneOf']
  if (Array.isArray(choices)) return union(choices.map(typeOf))
  if (Array.isArray(type)) return union(type.map((each) => typeOf({ ...schema, type: each })))
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'string' || type === 'boolean' || type === 'null') return type
  if (type === 'array') return `${bracketed(items === undefined ? 'unknown' : typeOf(items))}[]`
  if (type !== 'object' && properties === undefined) return 'unknown'
  return objectType(properties, required, additionalProperties)
}

function objectType(properties: unknown, required: unknown, additional: unknown): string {
  const fields = Object.entries((properties ?? {}) as Schema) // a record, or empty
  if (fields.length === 0)
    return typeof additional === 'object'
      ? `Record<string, ${typeOf(additional)}>`
      : 'Record<string, never>'
  const isRequired = (key: string) => Array.isArray(required) && required.includes(key)
  return object(
    fields.map(([key, schema]) => [isRequired(key) ? key : `${key}?`, typeOf(schema)] as const),
  )
}

/** A literal type. */
export const literal = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
    : JSON.stringify(value)

/** Members, each once, in the order given. */
export const union = (members: readonly string[]): string =>
  members.length === 0 ? 'never' : [...new Set(members)].join(' | ')

/** `{ a: string; b?: number }`, a key quoted where it must be. */
export function object(fields: readonly (readonly [string, string])[]): string {
  if (fields.length === 0) return '{}'
  return `{ ${fields.map(([key, type]) => `${quoted(key)}: ${type}`).join('; ')} }`
}

const bracketed = (type: string) => (type.includes(' | ') ? `(${type})` : type)
const quoted = (key: string) => {
  const bare = key.replace(/\?$/, '')
  return /^[A-Za-z_$][\w$]*$/.test(bare) ? key : `${literal(bare)}${key.endsWith('?') ? '?' : ''}`
}
