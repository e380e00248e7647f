/**
 * Flags of V8 for a process that runs: WebAssembly's code is compiled once, and not optimised from then on. Only the two
 * together are heeded.
 */
export const wasmCompiledOnce = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'] as const
