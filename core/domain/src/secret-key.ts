import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refused } from '@bitcartcc/sdk/problem'

/** The secret of one instance: SECRET_KEY, or a file of the data folder that is made at the first start. */
export function readSecretKey(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Buffer {
  const given = givenIn(env)
  if (given) return createHash('sha256').update(given).digest()
  const file = fileIn(dataDir)
  mkdirSync(dataDir, { recursive: true })
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // fs throws errno errors
  }
  return keyIn(file)
}

/** Refuses a key that would not do, before anything is begun; makes none. */
export function refuseUnfitKey(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const file = fileIn(dataDir)
  if (!givenIn(env) && existsSync(file)) keyIn(file)
}

function givenIn({ SECRET_KEY: given }: Readonly<Record<string, string | undefined>>) {
  if (given && given.length < 32) throw new Refused([shortKey])
  return given
}

const fileIn = (dataDir: string) => join(dataDir, 'secret.key')

function keyIn(file: string): Buffer {
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length !== 32) throw new Refused([unreadableKey(file)])
  return key
}

/** A key for one purpose, so that none serves two. */
export const keyFor = (secretKey: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secretKey, '', `bitcartcc ${purpose}`, 32))

/** Encrypts a text; it opens only in the place it was sealed for. */
export function seal(key: Buffer, place: string, text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return [
    'v1',
    ...[nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64')),
  ].join(':')
}

/** Gives the text back; undefined where the key is another one. */
export function open(key: Buffer, place: string, sealed: string): string | undefined {
  const [version, nonce, tag, text] = sealed.split(':')
  if (version !== 'v1' || nonce === undefined || tag === undefined || text === undefined)
    return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'))
      .setAAD(Buffer.from(place))
      .setAuthTag(Buffer.from(tag, 'base64'))
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]).toString(
      'utf8',
    )
  } catch {
    return undefined
  }
}

const shortKey = {
  code: 'start/secret-key' as const,
  says: 'SECRET_KEY is shorter than 32 characters.',
  kept: 'Nothing was started.',
  fix: ['Set it to the output of   openssl rand -base64 32'],
}

const unreadableKey = (file: string) => ({
  code: 'start/secret-key' as const,
  says: 'The secret key of this instance is damaged.',
  facts: [[file, 'is not 32 bytes in base64']],
  kept: 'Nothing was changed: a new key could not open the secrets that are stored.',
  fix: ['Put the file back from a backup.'],
})
