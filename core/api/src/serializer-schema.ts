type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Rewrites a schema for the serialiser: "X or null" and "one of these words" without anyOf.
 *
 * The serialiser decides an anyOf by validating each branch, with a whole validator inside the bundle.
 */
export function serializerSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(serializerSchema)
  if (!isObject(schema)) return schema
  const all = schema['allOf']
  if (Array.isArray(all) && all.every(isObject)) return serializerSchema(joined(all))
  const branches = schema['anyOf']
  if (Array.isArray(branches) && branches.every(isObject)) {
    const words = branches.map((branch) => branch['const'])
    if (words.every((word) => typeof word === 'string')) return { type: 'string' }
    const others = branches.filter((branch) => branch['type'] !== 'null')
    if (others.length === 1 && branches.length === 2)
      return { ...(serializerSchema(others[0]) as Json), nullable: true } // an object goes in, an object comes out
  }
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, serializerSchema(value)]),
  )
}

const joined = (parts: readonly Json[]): Json => ({
  type: 'object',
  properties: Object.assign({}, ...parts.map((part) => part['properties'])) as Json,
  required: parts.flatMap((part) => (part['required'] as readonly string[] | undefined) ?? []), // JSON Schema says so
})
