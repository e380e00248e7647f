/** True in `npm run test:long`, which runs the tests that import this file, and no others. */
export const isLong: boolean = process.env['COMPOSE_TEST_LONG'] === '1'

/** How often a loop runs: `npm run test:long` gives the same code larger counts. */
export const count = (short: number, long: number): number => (isLong ? long : short)
