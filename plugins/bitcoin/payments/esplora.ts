/** What one transaction says about an address. */
export interface Transaction {
  readonly id: string
  /** Outputs it spends, `txid:n`. */
  readonly inputs: readonly string[]
  /** Its outputs: address, and satoshi. */
  readonly outputs: readonly { readonly address: string; readonly satoshi: bigint }[]
  /** Null while it is in no block. */
  readonly height: number | null
}

/** An Esplora server, as its HTTP API is documented; every call throws a sentence for the merchant where it fails. */
export interface Esplora {
  tipHeight(): Promise<number>
  /** The hash of the first block: it tells one chain from another. */
  firstBlock(): Promise<string>
  isUsed(address: string): Promise<boolean>
  transactionsOf(address: string): Promise<readonly Transaction[]>
  /** Null where the server does not know it. */
  transaction(id: string): Promise<Transaction | null>
  /** The transaction that spends an output; null where none is known to. */
  spenderOf(output: string): Promise<string | null>
}

const longestMs = 10_000
/** Transactions in blocks that come at a time. */
const pageSize = 25
const mostPages = 20

/** Speaks with the server at an address, `https://esplora.example.com/api`. */
export function esploraAt(address: string, signal: AbortSignal): Esplora {
  const base = address.replace(/\/+$/, '')
  const host = new URL(base).host
  const ask = async (path: string): Promise<string | null> => {
    let response: Response
    let text: string
    try {
      response = await fetch(`${base}${path}`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
        headers: { accept: 'application/json, text/plain' },
      })
      text = await response.text()
    } catch {
      throw new Error(`The Esplora server ${host} does not answer.`)
    }
    if (response.status === 404) return null
    if (!response.ok) throw new Error(`The Esplora server ${host} answers with ${response.status}.`)
    return text
  }
  const strange = () => new Error(`The server ${host} does not answer as an Esplora server does.`)
  const json = async (path: string): Promise<unknown> => {
    const text = await ask(path)
    if (text === null) return null
    try {
      return JSON.parse(text)
    } catch {
      throw strange()
    }
  }
  const read = (value: unknown): Transaction => {
    const found = transactionIn(value)
    if (!found) throw strange()
    return found
  }
  const list = async (path: string): Promise<readonly Transaction[]> => {
    const found = await json(path)
    if (!Array.isArray(found)) throw strange()
    return found.map(read)
  }
  return {
    async tipHeight() {
      const height = Number((await ask('/blocks/tip/height')) ?? 'none')
      if (!Number.isSafeInteger(height) || height < 0) throw strange()
      return height
    },
    async firstBlock() {
      const hash = ((await ask('/block-height/0')) ?? '').trim()
      if (!/^[0-9a-f]{64}$/.test(hash)) throw strange()
      return hash
    },
    async isUsed(of) {
      const found = await json(`/address/${of}`)
      const counts = [field(found, 'chain_stats'), field(found, 'mempool_stats')].map((stats) =>
        field(stats, 'tx_count'),
      )
      if (!counts.every((count) => typeof count === 'number')) throw strange()
      return counts.some((count) => count > 0)
    },
    async transactionsOf(of) {
      const all = [...(await list(`/address/${of}/txs`))]
      let inBlocks = all.filter(({ height }) => height !== null)
      for (let page = 1; inBlocks.length === pageSize && page < mostPages; page++) {
        inBlocks = [...(await list(`/address/${of}/txs/chain/${inBlocks.at(-1)?.id ?? ''}`))]
        all.push(...inBlocks)
      }
      return all
    },
    async transaction(id) {
      const found = await json(`/tx/${id}`)
      return found === null ? null : read(found)
    },
    async spenderOf(output) {
      const [id = '', index = ''] = output.split(':')
      const found = await json(`/tx/${id}/outspend/${index}`)
      const spender = field(found, 'txid')
      return field(found, 'spent') === true && typeof spender === 'string' ? spender : null
    },
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name] // an object, asked for any of its fields
    : undefined

function transactionIn(value: unknown): Transaction | undefined {
  const id = field(value, 'txid')
  const [vin, vout, status] = ['vin', 'vout', 'status'].map((name) => field(value, name))
  if (typeof id !== 'string' || !Array.isArray(vin) || !Array.isArray(vout)) return undefined
  const height = field(status, 'confirmed') === true ? field(status, 'block_height') : null
  if (height !== null && typeof height !== 'number') return undefined
  const outputs = vout.map((output: unknown) => {
    const address = field(output, 'scriptpubkey_address')
    const satoshi = field(output, 'value')
    return {
      // An output without an address pays nobody we know.
      address: typeof address === 'string' ? address : '',
      satoshi: Number.isSafeInteger(satoshi) ? BigInt(satoshi as number) : undefined, // checked before
    }
  })
  const inputs = vin.map((input: unknown) => [field(input, 'txid'), field(input, 'vout')] as const)
  return {
    id,
    height,
    inputs: inputs.flatMap(([from, index]) =>
      typeof from === 'string' && typeof index === 'number' ? [`${from}:${index}`] : [],
    ),
    outputs: outputs.flatMap(({ address, satoshi }) =>
      satoshi === undefined ? [] : [{ address, satoshi }],
    ),
  }
}
