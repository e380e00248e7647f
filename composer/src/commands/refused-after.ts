import { Refused, type Problem } from '@bitcartcc/sdk/problem'

/** Refuses after something was found out or done that programs must know of: with --json that and the problems are one value. */
export class RefusedAfter extends Refused {
  readonly found: object
  constructor(problems: readonly Problem[], found: object) {
    super(problems)
    this.found = found
  }
}
