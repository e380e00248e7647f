/** The name a person most likely meant, or undefined where none is near. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((each) => ({ each, distance: distance(name.toLowerCase(), each.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance || (a.each < b.each ? -1 : 1))
  const [best] = ranked
  const limit = Math.max(1, Math.floor(name.length / 3))
  return best && best.distance <= limit ? best.each : undefined
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      line.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (line[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (before[column - 2] ?? 0) + 1 : Infinity,
        ),
      )
    }
    before = above
    above = line
  }
  return above[b.length] ?? 0
}
