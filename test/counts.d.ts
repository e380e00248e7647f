/** How often a loop runs: `npm run test:long` gives the same code larger counts. */
export declare const count: (short: number, long: number) => number
