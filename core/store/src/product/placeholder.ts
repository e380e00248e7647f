export interface Placeholder {
  /** Degrees on the colour wheel. */
  readonly hue: number
  /** Which of the drawings is shown. */
  readonly drawing: number
}
const hues = [172, 200, 85, 55, 30, 260, 150, 320]
export const drawings = 4

/** Chooses a picture for a product without one; the same product has the same picture everywhere. */
export function placeholderOf(seed: string): Placeholder {
  let hash = 2166136261
  for (const letter of seed) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 0
  return {
    hue: hues[(hash >>> 8) % hues.length] ?? 172,
    drawing: (hash >>> 16) % drawings,
  }
}
