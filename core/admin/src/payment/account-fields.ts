import type { PaymentAccount } from '@bitcartcc/sdk/resources'
import type { Translate } from '@bitcartcc/sdk/vue'
import { t } from '../app/texts.ts'
import { humanised } from '../setting/setting.ts'

export type Values = Readonly<Record<string, unknown>>

/** One field of an account, as its schema declares it. */
export interface AccountField {
  readonly name: string
  readonly title: string
  readonly description: string | undefined
  readonly type: string
  readonly options: readonly string[]
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  readonly isRequired: boolean
  readonly isSecret: boolean
  /** Too long for one line. */
  readonly isLong: boolean
  readonly start: unknown
}

interface Declared {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly writeOnly?: boolean
  readonly maxLength?: number
}

/** Characters that a line of the form shows. */
const lineLength = 100

/** The fields of an account's schema, in the order they are declared; `own` gives a text in the reader's language. */
export function fieldsOf(
  schema: PaymentAccount['schema'],
  own: Translate = (text) => (typeof text === 'string' ? text : text.other),
): readonly AccountField[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Readonly<Record<string, Declared>>
    required?: readonly string[]
  } // JSON Schema of an object
  return Object.entries(properties).map(([name, declared]) => ({
    name,
    title: declared.title === undefined ? name : own(declared.title),
    description: declared.description === undefined ? undefined : own(declared.description),
    type: declared.type ?? 'string',
    options: declared.enum ?? [],
    minimum: declared.minimum,
    maximum: declared.maximum,
    isRequired: required.includes(name) && declared.default === undefined,
    isSecret: declared.writeOnly === true,
    isLong: (declared.maxLength ?? 0) > lineLength,
    start: declared.default ?? null,
  }))
}

/** What a form begins with: what is stored, else the defaults. */
export const valuesFor = ({ schema, values }: Pick<PaymentAccount, 'schema' | 'values'>): Values =>
  Object.fromEntries(fieldsOf(schema).map(({ name, start }) => [name, values[name] ?? start]))

/** What can be chosen; nothing too, where nothing is asked for. */
export const optionsOf = ({ options, isRequired }: AccountField) => [
  ...(isRequired ? [] : [{ value: '', title: t('Not set') }]),
  ...options.map((value) => ({ value, title: humanised(value) })),
]
