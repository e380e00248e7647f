/** JSON Schema, as far as routes use it. */
export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
}

export interface Chance {
  /** From 0 up to 1. */
  readonly next: () => number
  below(limit: number): number
  of<T>(choices: readonly [T, ...T[]]): T
}

export const chanceOf = (next: () => number): Chance => {
  const below = (limit: number) => Math.floor(next() * limit)
  return { next, below, of: (choices) => choices[below(choices.length)] ?? choices[0] }
}

const texts: readonly [string, ...string[]] = [
  '',
  ' ',
  'Tea',
  '\0',
  'a\0b',
  '\u{1F375}',
  '\uD800',
  '\u202Eaet',
  'Ø-ß-漢字-ไทย',
  "'; drop table core.users; --",
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '%00',
  '%',
  '\\',
  '{{amount}}',
  '__proto__',
  'null',
  'NaN',
  '1e400',
  '-1',
  'x'.repeat(300),
  'é'.repeat(5_000),
  'y'.repeat(60_000),
]
const numbers: readonly [number, ...number[]] = [
  0,
  -0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e21,
  1e308,
  5e-324,
]

/** Something that hardly any field asks for. */
export function oddValue(chance: Chance, depth = 0): unknown {
  const kinds = ['text', 'text', 'text', 'number', 'null', 'boolean', 'array', 'object'] as const
  switch (chance.of(kinds)) {
    case 'text':
      return chance.of(texts)
    case 'number':
      return chance.of(numbers)
    case 'null':
      return null
    case 'boolean':
      return chance.next() < 0.5
    case 'array':
      return Array.from({ length: chance.of([0, 1, 2, 300]) }, () =>
        depth > 2 ? null : oddValue(chance, depth + 3),
      )
    case 'object':
      return depth > 2
        ? {}
        : JSON.parse(`{"__proto__":{"a":1},"b":${JSON.stringify(oddValue(chance, depth + 1))}}`)
  }
}

/** A value that fits its schema, but for a part here and there, as often as `oddness` says. */
export function valueFor(schema: Schema, chance: Chance, oddness: number): unknown {
  if (chance.next() < oddness) return oddValue(chance)
  if (schema.const !== undefined) return schema.const
  const [choice, ...choices] = schema.enum ?? []
  if (choice !== undefined) return chance.of([choice, ...choices])
  const [branch, ...branches] = schema.anyOf ?? []
  if (branch) return valueFor(chance.of([branch, ...branches]), chance, oddness)
  switch (schema.type) {
    case 'object':
      return objectFor(schema, chance, oddness)
    case 'array':
      return Array.from({ length: chance.below(4) }, () =>
        valueFor(schema.items ?? {}, chance, oddness),
      )
    case 'integer':
    case 'number': {
      const low = schema.minimum ?? -5
      const high = schema.maximum ?? 1_000
      return chance.of([low, high, Math.round(low + chance.next() * (high - low))])
    }
    case 'boolean':
      return chance.next() < 0.5
    case 'null':
      return null
    case 'string':
      return textFor(schema, chance)
    default:
      return oddValue(chance)
  }
}

function objectFor(schema: Schema, chance: Chance, oddness: number): object {
  const entries = Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const isLeftOut = schema.required?.includes(name)
      ? chance.next() < oddness
      : chance.next() < 0.5
    return isLeftOut ? [] : [[name, valueFor(each, chance, oddness)] as const]
  })
  const free = Object.values(schema.patternProperties ?? {}).flatMap((each) =>
    ['page', chance.of(texts)].map((name) => [name, valueFor(each, chance, oddness)] as const),
  )
  const extra = chance.next() < oddness ? [[chance.of(texts), oddValue(chance)] as const] : []
  return Object.fromEntries([...entries, ...free, ...extra])
}

function textFor({ pattern, format, minLength = 0, maxLength = 40 }: Schema, chance: Chance) {
  if (format === 'email')
    return chance.of(['a@example.com', `${chance.below(1e6)}@example.com`, 'Ä@b.c'])
  if (format === 'date-time') return '2026-01-01T00:00:00Z'
  if (pattern?.startsWith('^[A-Z]')) return chance.of(['USD', 'JPY', 'KWD', 'BTC', 'XXXXX'])
  if (pattern !== undefined)
    return chance.of([
      '0',
      '1',
      '21.50',
      '0.00000001',
      '999999999999999',
      '999999999999999.99999999',
    ])
  const length = chance.of([minLength, maxLength, Math.min(minLength + 3, maxLength)])
  return chance.of(['a', 'é', '漢', '\u{1F375}', ' ']).repeat(length)
}
