import type { Problem } from '@bitcartcc/sdk/problem'
import type { Lock } from '../model/lock.ts'
import { twoHeads } from './order-problems.ts'
import type { ReadFile } from './new-migrations.ts'
import type { ReadOwner } from './read-owner.ts'

/** Files of one plugin that have one number; the one to be named anew is the one that no lock has. */
export function twoHeadsIn(
  { owner, files }: Pick<ReadOwner, 'owner' | 'files'>,
  previous: Lock | undefined,
): readonly Problem[] {
  const byNumber = Map.groupBy(files, ({ id }) => numberOf(id))
  const newest = Math.max(...files.map(({ id }) => Number(numberOf(id)) || 0))
  const isShipped = (id: string) => Object.hasOwn(previous?.migrations ?? {}, id)
  return [...byNumber.values()].flatMap((same) => {
    const [first, second] = same.toSorted(
      (a, b) => Number(isShipped(b.id)) - Number(isShipped(a.id)),
    )
    if (!first || !second || isShipped(second.id)) return []
    const next = String(newest + 1).padStart(4, '0')
    return [twoHeads(owner, [fileOf(first), fileOf(second)], next)]
  })
}

const numberOf = (id: string) => id.slice(id.indexOf('/') + 1).split('_')[0] ?? ''
const fileOf = ({ placeOf }: ReadFile) => placeOf(1).place.replace(/:1$/, '')
