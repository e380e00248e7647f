import { Type, type Static } from '@bitcartcc/sdk/server'

/** What these routes speak; the admin reads the types. */
export const Mode = Type.Union([Type.Literal('good-rows'), Type.Literal('all-or-nothing')])
export type Mode = Static<typeof Mode>

export const RefusedRow = Type.Object({
  line: Type.Integer(),
  reason: Type.String(),
  text: Type.String(),
})
export type RefusedRow = Static<typeof RefusedRow>

export const Preview = Type.Object({
  /** Columns of the file that are read, in its order. */
  found: Type.Array(Type.String()),
  /** Columns of the file that are not. */
  unknown: Type.Array(Type.String()),
  delimiter: Type.String(),
  /** The file's own column names. */
  names: Type.Array(Type.String()),
  first: Type.Array(Type.Object({ line: Type.Integer(), cells: Type.Array(Type.String()) })),
  goodRows: Type.Integer(),
  refusedRows: Type.Integer(),
  /** The first hundred. */
  refused: Type.Array(RefusedRow),
  /** Why nothing of the file can be imported. */
  problems: Type.Array(Type.String()),
  /** Where the products would go. */
  storeId: Type.String(),
  stores: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), currency: Type.String() }),
  ),
  /** What whoever asks has chosen to happen where rows are refused. */
  mode: Mode,
})
export type Preview = Static<typeof Preview>

export const Import = Type.Object({
  id: Type.String(),
  fileName: Type.String(),
  mode: Mode,
  state: Type.Union([
    Type.Literal('queued'),
    Type.Literal('checking'),
    Type.Literal('importing'),
    Type.Literal('done'),
    Type.Literal('failed'),
  ]),
  totalRows: Type.Integer(),
  checkedRows: Type.Integer(),
  importedRows: Type.Integer(),
  refusedRows: Type.Integer(),
  /** Why it failed; empty otherwise. */
  message: Type.String(),
  createdBy: Type.String(),
  createdAt: Type.String(),
  endedAt: Type.Union([Type.String(), Type.Null()]),
})
export type Import = Static<typeof Import>
