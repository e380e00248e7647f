/** Which releases of one plugin: bit i is the i-th known version, oldest first; the bit above them is "not selected". */
export type Bits = bigint

/** Every known version of one plugin. */
export interface Universe {
  readonly name: string
  /** Oldest first. */
  readonly versions: readonly string[]
  /** The one bit "not selected". */
  readonly absent: Bits
  /** All versions, without `absent`. */
  readonly any: Bits
  /** `any | absent`. */
  readonly full: Bits
  /** Its versions are those of core, and no plugin's. */
  readonly isCore?: true
}

export function universeOf(name: string, versions: readonly string[]): Universe {
  const absent = 1n << BigInt(versions.length)
  return { name, versions, absent, any: absent - 1n, full: absent * 2n - 1n }
}

/** "One of these", or, where the bit "not selected" is among them, "none but these". */
export interface Term {
  readonly of: Universe
  readonly bits: Bits
}

/** Terms that may not all be true: a fact from outside, or one that follows from two others. */
export interface Incompatibility<Fact> {
  readonly terms: readonly Term[]
  readonly cause: Fact | readonly [Incompatibility<Fact>, Incompatibility<Fact>]
}

export const isDerived = <Fact>(
  of: Incompatibility<Fact>,
): of is Incompatibility<Fact> & {
  readonly cause: readonly [Incompatibility<Fact>, Incompatibility<Fact>]
} => Array.isArray(of.cause)

/** How many bits are set. */
export function sizeOf(bits: Bits): number {
  let count = 0
  for (let rest = bits; rest !== 0n; rest &= rest - 1n) count++
  return count
}
