import { createHmac } from 'node:crypto'

export const signatureHeader = 'bitcartcc-signature'

/**
 * Signs a message: `t=1767225600,v1=5f8a…`.
 *
 * `t` is when it was sent, in seconds since 1970; `v1` is the HMAC-SHA256 of `t`, a point and the body, in hexadecimal.
 * A receiver makes `v1` anew with its secret, compares in constant time, and refuses a `t` older than five minutes.
 */
export function signatureOf(secret: string, seconds: number, body: string): string {
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${signature}`
}
