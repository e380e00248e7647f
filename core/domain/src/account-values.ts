import * as Schema from 'typebox/schema'
import { HttpError } from '@bitcartcc/sdk/server'
import { schemaRule } from './schema-words.ts'

export type AccountValues = Readonly<Record<string, unknown>>

interface Field {
  readonly title?: string
  readonly writeOnly?: boolean
  readonly default?: unknown
}

/** The fields of an account's schema, by name. */
export const fieldsOf = (schema: object): Readonly<Record<string, Field>> =>
  (schema as { properties?: Record<string, Field> }).properties ?? {} // JSON Schema of an object

/** What may be shown again: all but what is `writeOnly`. */
export const shownValues = (schema: object, values: AccountValues): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).filter(([name]) => fieldsOf(schema)[name]?.writeOnly !== true),
  )

/** What was typed, with the secrets that are kept where none was typed, and the defaults; empty fields are left out. */
export function mergedValues(
  schema: object,
  typed: AccountValues,
  stored: AccountValues | undefined,
): AccountValues {
  const given = Object.entries(typed).filter(([, value]) => value !== '' && value !== null)
  const kept = Object.entries(stored ?? {}).filter(
    ([name]) => fieldsOf(schema)[name]?.writeOnly === true,
  )
  const defaults = Object.entries(fieldsOf(schema)).flatMap(([name, field]) =>
    field.default === undefined ? [] : [[name, field.default] as const],
  )
  return Object.fromEntries([...defaults, ...kept, ...given])
}

/** Refuses values that do not fit the schema, with every field that is wrong. */
export function checkAccount(schema: object, values: AccountValues): void {
  const [isFit, found] = Schema.Errors(schema, values)
  if (isFit) return
  const errors = found.flatMap(({ keyword, instancePath, message, params }) => {
    if (keyword === 'boolean') return []
    if (keyword === 'required')
      return (params as { requiredProperties: readonly string[] }).requiredProperties.map(
        // what typebox gives with this keyword
        (field) => ({ field, says: 'must be filled in' }),
      )
    if (keyword === 'additionalProperties')
      return (params as { additionalProperties: readonly string[] }).additionalProperties.map(
        // what typebox gives with this keyword
        (field) => ({ field, says: 'is not asked for' }),
      )
    return [
      {
        field: instancePath.slice(1),
        says: schemaRule({ keyword, params: { ...params }, message }),
      },
    ]
  })
  const [first] = errors
  const titleOf = (field: string) => fieldsOf(schema)[field]?.title ?? field
  throw new HttpError(
    422,
    first ? `${titleOf(first.field)}: ${first.says}` : 'The account does not fit.',
    errors,
  )
}
