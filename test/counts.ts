/** How often a loop runs: `npm run test:long` gives the same code larger counts. */
export const count = (short: number, long: number): number =>
  process.env['COMPOSE_TEST_LONG'] === '1' ? long : short
