/** How V8 runs the embedded database of a test: it is asked too little for its code to be worth compiling twice. */
export const wasmFlags = ['--liftoff-only', '--no-wasm-inlining'] as const
