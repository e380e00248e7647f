/** What a JSON Schema validator found, as Ajv and TypeBox both tell it. */
export interface SchemaFault {
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string | undefined
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
}
const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  uri: 'a web address',
  'date-time': 'a time such as 2026-01-01T12:00:00Z',
}
/** How the smallest and the largest number of something is told. */
const bounds: Readonly<Record<string, (limit: unknown) => string>> = {
  minLength: (limit) =>
    limit === 1 ? 'must not be empty' : `must have at least ${String(limit)} characters`,
  maxLength: (limit) => `must have at most ${String(limit)} characters`,
  minItems: (limit) =>
    limit === 1 ? 'must not be empty' : `must have at least ${String(limit)} entries`,
  maxItems: (limit) => `must have at most ${String(limit)} entries`,
  minProperties: (limit) =>
    limit === 1 ? 'must not be empty' : `must have at least ${String(limit)} keys`,
  maxProperties: (limit) => `must have at most ${String(limit)} keys`,
  minimum: (limit) => `must be at least ${String(limit)}`,
  maximum: (limit) => `must be at most ${String(limit)}`,
  exclusiveMinimum: (limit) => `must be more than ${String(limit)}`,
  exclusiveMaximum: (limit) => `must be less than ${String(limit)}`,
}

/** The rule a value breaks, as a person reads it beside a field; the validator's own words where there are no better ones. */
export function schemaRule({ keyword, params, message }: SchemaFault): string {
  const bound = bounds[keyword]
  if (bound) return bound(params['limit'])
  if (keyword === 'required') return 'must be filled in'
  if (keyword === 'additionalProperties') return 'is not asked for'
  if (keyword === 'type') {
    const wanted = [params['type']].flat().map((each) => kinds[String(each)] ?? String(each))
    return `must be ${wanted.join(' or ')}`
  }
  if (keyword === 'format' && formats[String(params['format'])])
    return `must be ${formats[String(params['format'])]}`
  if (keyword === 'enum' && Array.isArray(params['allowedValues']))
    return `must be one of ${params['allowedValues'].map(String).join(', ')}`
  if (keyword === 'const' && 'allowedValue' in params)
    return `must be ${String(params['allowedValue'])}`
  if (keyword === 'uniqueItems') return 'must not say one thing twice'
  return message ?? 'does not fit'
}
