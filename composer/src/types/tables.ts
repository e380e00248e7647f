import { literal, union } from './json-schema.ts'

/** Tables and views of one schema, read from PostgreSQL's catalog after the rehearsal. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
}
export interface Column {
  readonly name: string
  /** As `format_type` says it without length: `timestamp with time zone`, `text[]`. */
  readonly type: string
  /** Labels of an enum, in its order. */
  readonly labels: readonly string[]
  readonly isNullable: boolean
  /** PostgreSQL fills it where an insert leaves it out. */
  readonly isGenerated: boolean
}
/** Schema → its tables. */
export type Catalog = Readonly<Record<string, readonly Table[]>>

const scalars: Readonly<Record<string, string>> = {
  smallint: 'number',
  integer: 'number',
  real: 'number',
  'double precision': 'number',
  oid: 'number',
  boolean: 'boolean',
  'timestamp with time zone': 'Date',
  'timestamp without time zone': 'Date',
  date: 'Date',
  json: 'unknown',
  jsonb: 'unknown',
  interval: 'unknown',
  point: 'unknown',
  bytea: 'Buffer',
}

/** The type a column has in JavaScript: as `pg` reads it, so `bigint` and `numeric` are text. */
export function columnType({ type, labels, isNullable, isGenerated }: Column): string {
  const isArray = type.endsWith('[]')
  const element = type.replace(/\[\]$/, '')
  const scalar = labels.length > 0 ? union(labels.map(literal)) : scalarType(element, isArray)
  const whole = isArray ? `${scalar.includes(' ') ? `(${scalar})` : scalar}[]` : scalar
  const value = isNullable && whole !== 'unknown' ? `${whole} | null` : whole
  return isGenerated ? `Generated<${value}>` : value
}

// pg reads a list of numeric as numbers, unlike numeric itself.
const scalarType = (element: string, isArray: boolean) =>
  isArray && element === 'numeric' ? 'number' : (scalars[element] ?? 'string')
