import { lookup, type LookupAddress } from 'node:dns'
import { request as requestSecure } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { unfit } from './refusals.ts'

// An import of it asks for all that it has, WebSocket too: Node’s whole HTTP client, 70 ms and 7 MB at every start.
const { request: requestPlain } = process.getBuiltinModule('node:http')

const closed = new BlockList()
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]) {
  const [network = '', bits] = range.split('/')
  closed.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4')
}

/** Says whether an address is of this machine, of its own network, or of no single machine at all. */
export const isPrivate = (address: string): boolean =>
  closed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** The address of a webhook as it is stored; refused where it is none, or private and that is not allowed. */
export function webhookUrlOf(text: string, isPrivateAllowed: boolean): string {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw unfit('url', 'must be an address that begins with https:// or http://')
  if (url.username !== '' || url.password !== '')
    throw unfit('url', 'must not contain a user or a password: check the signature instead')
  const host = url.hostname.replaceAll(/[[\]]/g, '')
  const isClosed = isIP(host) === 0 ? /(^|\.)localhost\.?$/.test(host) : isPrivate(host)
  if (isClosed && !isPrivateAllowed)
    throw unfit('url', 'must not be an address of this machine or its network')
  url.hash = ''
  return url.href
}

const privateMessage = 'The address leads to this machine or its own network.'

/** Looks a name up as Node does, and refuses where it leads inside: asked at the connection itself, so that no later answer can differ. */
const lookUpOutside: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error: Error | null, found: LookupAddress[]) => {
    const [first] = found ?? []
    if (error || !first) return done(error ?? new Error('The name leads nowhere.'), '', 0)
    if (found.some(({ address }) => isPrivate(address)))
      return done(new Error(privateMessage), '', 0)
    if (options.all) return done(null, found)
    done(null, first.address, first.family)
  })
}

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isPrivateAllowed: boolean
  readonly signal: AbortSignal
}

/** Posts once and gives the status; follows nothing, reads no body. Throws where nothing answers. */
export async function post({
  url,
  headers,
  body,
  isPrivateAllowed,
  signal,
}: Post): Promise<number> {
  const target = new URL(url)
  const host = target.hostname.replaceAll(/[[\]]/g, '')
  if (!isPrivateAllowed && isIP(host) !== 0 && isPrivate(host)) throw new Error(privateMessage)
  const request = target.protocol === 'https:' ? requestSecure : requestPlain
  return new Promise((resolve, reject) => {
    const sent = request(target, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal,
      ...(isPrivateAllowed ? {} : { lookup: lookUpOutside }),
    })
    sent.on('response', (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
