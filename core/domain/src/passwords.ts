import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { unfit } from './refusals.ts'

const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** A hash that is slow to guess at, with its parameters in front. */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < 8) throw unfit('password', 'must have at least 8 characters')
  if (password.length > 200) throw unfit('password', 'must have at most 200 characters')
  const salt = randomBytes(16)
  const hash = await derive(password, salt, cost.N)
  return `scrypt$${cost.N}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

// What an unknown address is checked against, so that the answer takes as long.
const nobody = `scrypt$${cost.N}$${randomBytes(16).toString('base64url')}$${randomBytes(32).toString('base64url')}`

/** Says whether the password made the hash; an absent hash takes the same time and says no. */
export async function isPasswordOf(password: string, stored: string | undefined): Promise<boolean> {
  const [, n, salt, hash] = (stored ?? nobody).split('$')
  if (n === undefined || salt === undefined || hash === undefined)
    throw new Error('a stored password hash is not readable')
  const derived = await derive(password.slice(0, 200), Buffer.from(salt, 'base64url'), Number(n))
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url')) && stored !== undefined
}

function derive(password: string, salt: Buffer, N: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, { ...cost, N }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
