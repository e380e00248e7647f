/** Gives the language offered that fits a reader best: the first one they want that is there, in their region's form where there is one; else English. */
export function bestOf(offered: readonly string[], wanted: readonly string[]): string {
  for (const want of wanted) {
    const fits =
      offered.find((each) => each === want) ??
      offered.find((each) => isWithin(want, each)) ??
      offered.find((each) => isWithin(each, want.split('-')[0] ?? want))
    if (fits !== undefined) return fits
  }
  return 'en'
}

/** Whether a language tag is that language, or its form in a region: `de-AT` in `de`. */
export const isWithin = (tag: string, language: string): boolean =>
  tag === language || tag.startsWith(`${language}-`)
