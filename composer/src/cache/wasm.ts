/**
 * Flags of V8 for processes that use WebAssembly for a moment: its code is compiled once and never optimised.
 *
 * Optimising PostgreSQL's parser keeps `compose plan` from ending for 2 s; optimising the embedded PostgreSQL takes 3 s of
 * processor time and 400 MB. The first is heeded at the start of a process only, the second also by one that runs.
 */
export const noTierUp = '--liftoff-only'
export const noTierUpFromNow = '--wasm-tiering-budget=2000000000'
