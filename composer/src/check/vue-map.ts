/** A stretch of a component's code, and the stretch of the component that it stands for; offsets from 0. */
export interface Stretch {
  readonly from: number
  readonly length: number
  readonly to: number
  readonly toLength: number
  /** Numbers of mistakes that are none of the author's here. */
  readonly except: readonly number[]
}

/** Offset in the component that a mistake at this offset of its code is at; undefined where it is no mistake of its author. */
export function offsetInComponent(
  map: readonly Stretch[],
  offset: number,
  errorCode: number,
): number | undefined {
  const found = map.find(
    ({ from, length, except }) =>
      offset >= from && offset <= from + length && !except.includes(errorCode),
  )
  return found && found.to + Math.min(offset - found.from, found.toLength)
}
