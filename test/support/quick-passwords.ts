import crypto, { type ScryptOptions } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

const { scrypt } = crypto

/** A thirtieth of the work: a hash that is slow to guess at takes a tenth of a second, and the tests of rooms make some 130. */
function quick(
  password: crypto.BinaryLike,
  salt: crypto.BinaryLike,
  length: number,
  { N = 2, ...others }: ScryptOptions,
  done: (error: Error | null, key: Buffer) => void,
): void {
  scrypt(password, salt, length, { ...others, N: Math.min(N, 1024) }, done)
}

// What a test starts as a program of its own hashes as it would for a merchant.
if (scrypt.name !== quick.name) {
  Object.assign(crypto, { scrypt: quick })
  syncBuiltinESMExports()
}
