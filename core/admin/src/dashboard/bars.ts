/** A day and the height of its bar, 0–100. Heights are drawings: they may pass through a float, amounts may not. */
export interface Bar {
  readonly day: string
  readonly sales: string
  readonly invoices: number
  readonly height: number
}

/** Gives the round number at the top of a chart of these amounts: 1, 2, 2.5 or 5 times a power of ten. */
export function scaleOf(amounts: readonly string[]): number {
  const most = Math.max(0, ...amounts.map(Number))
  if (most === 0) return 100
  const power = 10 ** Math.floor(Math.log10(most))
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= most) ?? 10) * power
}

/** Gives one bar a day; a day with any sale is seen. */
export function barsOf(
  days: readonly { readonly day: string; readonly sales: string; readonly invoices: number }[],
  top: number,
): readonly Bar[] {
  return days.map((day) => {
    const share = (Number(day.sales) / top) * 100
    return { ...day, height: share > 0 ? Math.max(1, share) : 0 }
  })
}
