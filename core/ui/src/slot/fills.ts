import type { Fill } from '@bitcartcc/sdk/wiring'

/** Fills of one slot, parted by what they do to its content; each list is sorted by order, then by plugin. */
export interface FillsOfSlot {
  readonly prepend: readonly Fill[]
  readonly replace: Fill | undefined
  /** The first stands innermost. */
  readonly wrap: readonly Fill[]
  readonly append: readonly Fill[]
}

/** Gives the fills of one slot that this visitor may see. */
export function fillsOf(
  fills: readonly Fill[],
  slot: string,
  may: (permission: string) => boolean,
): FillsOfSlot {
  const seen = fills
    .filter((fill) => fill.slot === slot && (fill.permission === undefined || may(fill.permission)))
    .sort((a, b) => a.order - b.order || (a.plugin < b.plugin ? -1 : a.plugin > b.plugin ? 1 : 0))
  const of = (mode: Fill['mode']) => seen.filter((fill) => fill.mode === mode)
  return {
    prepend: of('prepend'),
    replace: of('replace')[0],
    wrap: of('wrap'),
    append: of('append'),
  }
}
