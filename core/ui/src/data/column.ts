/** One column of a DataTable; a cell shows `row[key]` unless the slot `cell-<key>` says otherwise. */
export interface Column {
  readonly key: string
  readonly title: string
  readonly align?: 'start' | 'center' | 'end'
  /** Any CSS width. */
  readonly width?: string
  /** On a phone the title stands before the value; not where this is true. */
  readonly hideTitle?: boolean
  /** Its head is a button that sorts by it; the value of `sort` is its key. */
  readonly isSortable?: boolean
}
