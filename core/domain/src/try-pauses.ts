/** Seconds after each try of something outside that failed; after the last one it is parked. 8 tries in 18 hours. */
export const tryPauses: readonly number[] = [5, 30, 300, 1_800, 7_200, 21_600, 36_000]
