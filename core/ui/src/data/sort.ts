import type { Choice } from '../form/choice.ts'
import { t } from '../text/texts.ts'
import type { Column } from './column.ts'

/** `price` is by price, the smallest first; `-price` the largest first; empty as the list comes. */
export type Sort = string

/** The other way round where it is sorted by this column already, else by it, the smallest first. */
export const sortedBy = (sort: Sort, key: string): Sort => (sort === key ? `-${key}` : key)

export const ariaSort = (sort: Sort, key: string): 'ascending' | 'descending' | 'none' =>
  sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : 'none'

/** Every way to sort a table, for a list of choices; as the list comes is the first. */
export const sortChoices = (columns: readonly Column[]): readonly Choice[] => [
  { value: '', title: t('Newest first') },
  ...columns
    .filter((column) => column.isSortable)
    .flatMap(({ key, title }) => [
      { value: key, title: `${title} ↑` },
      { value: `-${key}`, title: `${title} ↓` },
    ]),
]
