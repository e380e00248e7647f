/** Gives the same row of numbers from 0 up to 1 for the same seed (mulberry32). */
export declare function randomFrom(seed: number): () => number
/** The seed of this run: COMPOSE_TEST_SEED repeats an earlier one. */
export declare function seed(): number
