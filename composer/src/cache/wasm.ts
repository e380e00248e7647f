/**
 * Flags of V8 for processes that use WebAssembly for a moment: its code is compiled once and never optimised, and counts no
 * calls for that. Heeded at the start of a process only; one that runs has `@bitcartcc/domain/wasm-flags`.
 *
 * Optimising PostgreSQL's parser, one function of it, takes 550 MB and keeps `compose plan` from ending for 2 s; optimising
 * the embedded PostgreSQL takes 3 s of processor time and 400 MB.
 */
export const noTierUp = ['--liftoff-only', '--no-wasm-inlining'] as const

/**
 * What a process of ours is told that lives for a moment: the above, and not to collect the garbage of everything each time
 * that an embedded PostgreSQL has asked for 64 MB, which is 7 % of a rehearsal. A product that is tried out is not told so: it
 * has to run as it will.
 */
export const flagsForAMoment = [...noTierUp, '--external-memory-accounted-in-global-limit'] as const
