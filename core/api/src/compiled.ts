import type { RouteSchema } from './schemas.ts'

export interface Validate {
  (value: unknown): boolean
  errors?: readonly unknown[] | null
}
export type Serialize = (value: unknown) => string

/** Functions by the id of their schema; what `validators.js` exports. */
export interface CompiledSchemas {
  readonly validators: Readonly<Record<string, Validate>>
  readonly serializers: Readonly<Record<string, Serialize>>
}

/** Gives compiled functions for the schemas: those made ahead of time, or made now where there are none. */
export async function compiledFor(
  schemas: readonly RouteSchema[],
  ahead: CompiledSchemas | undefined,
): Promise<CompiledSchemas> {
  if (ahead) return ahead
  // By the package's name, so that the composer can leave the compilers out of a bundle.
  const { compileNow } = await import('@bitcartcc/api/compilers')
  return compileNow(schemas)
}
