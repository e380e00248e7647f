/**
 * Flags of V8 for processes that use WebAssembly for a moment: its code is compiled once and never optimised.
 *
 * Optimising PostgreSQL's parser, one function of it, takes 550 MB and keeps `compose plan` from ending for 2 s; optimising
 * the embedded PostgreSQL takes 3 s of processor time and 400 MB. The first is heeded at the start of a process only; the
 * second by one that runs, and only the two together.
 */
export const noTierUp = '--liftoff-only'
export const noTierUpFromNow = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'] as const
