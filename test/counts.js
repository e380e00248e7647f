/** How often a loop runs: `npm run test:long` gives the same code larger counts. */
export const count = (short, long) => (process.env['COMPOSE_TEST_LONG'] === '1' ? long : short)
