/**
 * Flags of V8 for a process that runs: WebAssembly's code is compiled once, and not optimised from then on. Only the first two
 * together are heeded; with the third it does not count its calls, which the optimiser alone would ask for, and PostgreSQL
 * takes a tenth less time.
 */
export const wasmCompiledOnce = [
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
  '--no-wasm-inlining',
] as const
