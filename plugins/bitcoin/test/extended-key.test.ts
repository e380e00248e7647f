import { sha256 } from '@noble/hashes/sha2.js'
import { createBase58check } from '@scure/base'
import { expect, test } from 'vitest'
import { readExtendedKey } from '../payments/extended-key.ts'
import { firstAddresses, zpub } from './keys.ts'

const base58check = createBase58check(sha256)
const respelled = (version: string) => {
  const bytes = base58check.decode(zpub)
  return base58check.encode(new Uint8Array([...Buffer.from(version, 'hex'), ...bytes.slice(4)]))
}
const shown = (text: string) => {
  const read = readExtendedKey(text)
  return read.ok
    ? [read.key.network, read.key.addressAt(0), read.key.addressAt(1), read.key.id.slice(0, 8)]
    : read.says
}

test('every spelling of one account leads to the addresses of BIP 84, and is one key', () => {
  const [, , , id] = shown(zpub)
  const found = ['0488b21e', '04b24746', '043587cf', '045f1cf6'].map(respelled)
  expect(found.map((text) => text.slice(0, 4))).toEqual(['xpub', 'zpub', 'tpub', 'vpub'])
  const main = ['bitcoin', ...firstAddresses, id]
  const others = found.map(shown)
  expect(others.slice(0, 2)).toEqual([main, main])
  expect(others.slice(2)).toEqual(
    Array.from({ length: 2 }, () => [
      'testnet',
      'tb1qcr8te4kr609gcawutmrza0j4xv80jy8zmfp6l0',
      'tb1qnjg0jd8228aq7egyzacy8cys3knf9xvrn9d67m',
      id,
    ]),
  )
})

test('what cannot be watched, or could spend, is refused in words', () => {
  expect(
    [
      ` ${zpub}\n`,
      zpub.replace('zpub6', 'zpub7'),
      'hello',
      respelled('049d7cb2'),
      respelled('04b2430c'),
    ].map((text) => (Array.isArray(shown(text)) ? 'taken' : shown(text))),
  ).toEqual([
    'taken',
    'is not an extended key: copy it whole, from xpub, zpub or vpub on',
    'is not an extended key: copy it whole, from xpub, zpub or vpub on',
    'is of another kind of address: only native SegWit (BIP 84) is watched, by an xpub, zpub or vpub',
    'is a private key: whoever has it can spend. Give the public one, and treat this one as known to others',
  ])
})
