/** A rule that an archive or a folder of a plugin broke; the first one decides. Words for it: `problems.ts`. */
export interface Broken {
  readonly rule: Rule
  readonly reason: string
  /** Counted from 1, where one entry of a known number broke it. */
  readonly entry?: { readonly number: number; readonly of: number }
  /** The name as it stands there, unsafe to print. */
  readonly name?: string
}
export type Rule =
  | 'E_ZIP_LIMIT'
  | 'E_ZIP_STRUCTURE'
  | 'E_ZIP_ENCRYPTED'
  | 'E_ZIP_HEADER'
  | 'E_ZIP_METHOD'
  | 'E_ZIP_PATH'
  | 'E_ZIP_TYPE'
  | 'E_ZIP_COLLISION'
  | 'E_ZIP_DATA'
  | 'E_ZIP_CONTENT'
  | 'E_MANIFEST_ENCODING'

/** Thrown inside this room alone: its doors give the broken rule as a value. */
export class BrokenRule extends Error {
  readonly broken: Broken
  constructor(broken: Broken) {
    super(`${broken.rule} ${broken.reason}`)
    this.broken = broken
  }
}

/** Ends the reading. */
export function breaks(
  rule: Rule,
  reason: string,
  where: Omit<Broken, 'rule' | 'reason'> = {},
): never {
  throw new BrokenRule({ rule, reason, ...where })
}

export type Outcome<T> =
  | { readonly isSafe: true; readonly value: T }
  | { readonly isSafe: false; readonly broken: Broken }

/** Runs a reading, and gives what broke it as a value. Anything else that is thrown is our bug. */
export function outcomeOf<T>(read: () => T): Outcome<T> {
  try {
    return { isSafe: true, value: read() }
  } catch (error) {
    if (error instanceof BrokenRule) return { isSafe: false, broken: error.broken }
    throw error
  }
}
