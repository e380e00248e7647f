import { sha256 } from '@noble/hashes/sha2.js'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { bech32, createBase58check } from '@scure/base'
import { HDKey } from '@scure/bip32'

export type Network = 'bitcoin' | 'testnet'

/** An account of a merchant's wallet that can watch and not spend. */
export interface ExtendedKey {
  readonly network: Network
  /** The same for one key in all its spellings: xpub and zpub of one account share their addresses. */
  readonly id: string
  /** The address of BIP 84 with this index, out of those that are given to others. */
  addressAt(index: number): string
}

/** What the first four bytes say, SLIP 132. */
const versions: Readonly<Record<string, Network>> = {
  '0488b21e': 'bitcoin', // xpub
  '04b24746': 'bitcoin', // zpub
  '043587cf': 'testnet', // tpub
  '045f1cf6': 'testnet', // vpub
}
const privateVersions = new Set([
  '0488ade4',
  '04b2430c',
  '04358394',
  '045f18bc',
  '049d7878',
  '044a4e28',
])
const prefixes = { bitcoin: 'bc', testnet: 'tb' } as const
const base58check = createBase58check(sha256)

export type ReadKey =
  | { readonly ok: true; readonly key: ExtendedKey }
  | { readonly ok: false; readonly says: string }

/** Reads an extended public key, or says what is wrong with it. */
export function readExtendedKey(text: string): ReadKey {
  const bytes = decoded(text.trim())
  if (bytes?.length !== 78)
    return { ok: false, says: 'is not an extended key: copy it whole, from xpub, zpub or vpub on' }
  const version = bytesToHex(bytes.slice(0, 4))
  if (privateVersions.has(version))
    return {
      ok: false,
      says: 'is a private key: whoever has it can spend. Give the public one, and treat this one as known to others',
    }
  const network = versions[version]
  if (network === undefined)
    return {
      ok: false,
      says: 'is of another kind of address: only native SegWit (BIP 84) is watched, by an xpub, zpub or vpub',
    }
  try {
    const node = HDKey.fromExtendedKey(text.trim(), {
      public: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0),
      private: 0,
    })
    const receiving = node.deriveChild(0)
    const { publicKey, chainCode } = node
    if (!publicKey || !chainCode) throw new Error('an extended public key has both')
    return {
      ok: true,
      key: {
        network,
        id: bytesToHex(sha256(new Uint8Array([...publicKey, ...chainCode]))),
        addressAt: (index) => addressOf(receiving.deriveChild(index), network),
      },
    }
  } catch {
    return { ok: false, says: 'is damaged: it is no point on the curve' }
  }
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return base58check.decode(text)
  } catch {
    return undefined
  }
}

function addressOf({ publicKey }: HDKey, network: Network): string {
  if (!publicKey) throw new Error('a child of a public key has a public key')
  const witness = bech32.toWords(ripemd160(sha256(publicKey)))
  return bech32.encode(prefixes[network], [0, ...witness])
}
