import { Type } from 'typebox'
import { Id } from '@bitcartcc/sdk/resources'

export const ById = Type.Object({ id: Id })
export const Nothing = Type.Object({}, { additionalProperties: false })
export const Email = Type.String({ format: 'email', maxLength: 254 })
export const Password = Type.String({ minLength: 10, maxLength: 200 })
export const PersonName = Type.String({ minLength: 1, maxLength: 120 })
export const Permissions = Type.Array(Type.String({ maxLength: 150 }), { maxItems: 200 })
/** Paging: `cursor` is the `next` of the page before. */
export const paging = {
  cursor: Type.Optional(Type.String({ maxLength: 1_500 })),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 24 }),
}
/** Of an export: these alone, `?ids=…&ids=…`. */
export const Ids = Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 100 }))
/** What must be noted about the records of a list, all of it: `merchant.supplier:Acme`. */
export const metadataFilter = Type.Optional(
  Type.Array(
    Type.String({
      maxLength: 300,
      pattern: '^[a-z][a-z0-9-]{0,39}\\.[A-Za-z0-9][A-Za-z0-9_-]{0,63}:',
      description: 'namespace.key:value',
    }),
    { maxItems: 5 },
  ),
)
/** What is typed into a form that a schema made. */
export const TypedValues = Type.Record(
  Type.String({ maxLength: 80 }),
  Type.Union([Type.String({ maxLength: 4000 }), Type.Number(), Type.Boolean(), Type.Null()]),
)
/** The format of an export. */
export const Format = Type.Union([Type.Literal('csv'), Type.Literal('json')], { default: 'csv' })
/** `<plugin>.<name>` */
export const MethodName = Type.String({ minLength: 1, maxLength: 81 })
