import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Tx {
  readonly id: string
  readonly inputs: readonly string[]
  readonly outputs: readonly { readonly address: string; readonly satoshi: number }[]
  readonly height: number | null
}
interface Chain {
  readonly tip: number
  readonly txs: ReadonlyMap<string, Tx>
}

/** How a server can go wrong. */
export type Trouble = 'none' | 'error' | 'silent' | 'garbage'

const testChain = '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206'

/** A chain in memory behind the HTTP API of Esplora: it is paid, mined, taken back, left behind, and broken on demand. */
export class FakeEsplora {
  firstBlock = testChain
  trouble: Trouble = 'none'
  private now: Chain = { tip: 100, txs: new Map() }
  /** What a server that lags still answers from. */
  private seen: Chain | undefined
  private coins = 0
  private server: Server | undefined

  /** Starts to listen, on any free port; gives the address of its API. */
  async listen(port = 0): Promise<string> {
    const server = createServer((request, response) => {
      const path = (request.url ?? '').replace(/^\/api/, '')
      if (this.trouble === 'silent') return request.socket.destroy()
      if (this.trouble === 'error') return response.writeHead(503).end('overloaded')
      if (this.trouble === 'garbage') return response.writeHead(200).end('<html>Welcome</html>')
      const answer = this.answer(path)
      if (answer === undefined) return response.writeHead(404).end('not found')
      return response
        .writeHead(200)
        .end(typeof answer === 'string' ? answer : JSON.stringify(answer))
    })
    this.server = server
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api` // a TCP server has one
  }
  async close(): Promise<void> {
    this.server?.closeAllConnections()
    await new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined))
  }

  /** Sends satoshi out of a new coin, or out of those that are named; gives the id of the transaction. */
  pay(address: string, satoshi: number, inputs: readonly string[] = [this.newCoin()]): string {
    const outputs = [
      { address: 'bc1qchange', satoshi: 1 },
      { address, satoshi },
    ]
    const id = createHash('sha256')
      .update(JSON.stringify([inputs, outputs]))
      .digest('hex')
    this.put({ id, inputs, outputs, height: null })
    return id
  }
  /** Puts all that waits into one block, and more blocks after it. */
  mine(blocks = 1): void {
    const height = this.now.tip + 1
    const txs = new Map(
      [...this.now.txs].map(([id, tx]) => [id, { ...tx, height: tx.height ?? height }]),
    )
    this.now = { tip: this.now.tip + blocks, txs }
  }
  /** Spends the same coins another way: the former transaction is gone. */
  replace(id: string, address: string, satoshi: number): string {
    const former = this.now.txs.get(id)
    if (!former) throw new Error(`no transaction ${id}`)
    this.drop(id)
    return this.pay(address, satoshi, former.inputs)
  }
  /** Forgets a transaction; its coins are free again. */
  drop(id: string): void {
    this.now = { ...this.now, txs: new Map([...this.now.txs].filter(([each]) => each !== id)) }
  }
  /** Another branch becomes the longest: what was in the last blocks waits again. */
  reorganise(depth: number): void {
    const last = this.now.tip - depth
    const txs = new Map(
      [...this.now.txs].map(([id, tx]) => [
        id,
        { ...tx, height: tx.height !== null && tx.height > last ? null : tx.height },
      ]),
    )
    this.now = { tip: last, txs }
  }
  /** From now on it answers from what it knows now; then from what there is. */
  lag(isLagging: boolean): void {
    this.seen = isLagging ? this.now : undefined
  }
  /** Answers as if nothing had ever happened. */
  forget(): void {
    this.seen = { tip: this.now.tip, txs: new Map() }
  }

  private newCoin(): string {
    this.coins++
    return `${createHash('sha256').update(`coin ${this.coins}`).digest('hex')}:0`
  }
  private put(tx: Tx): void {
    this.now = { ...this.now, txs: new Map([...this.now.txs, [tx.id, tx]]) }
  }
  private answer(path: string): unknown {
    const { tip, txs } = this.seen ?? this.now
    const [, room = '', id = '', what = '', more = '', last = ''] = path.split('/')
    const all = [...txs.values()]
    const ofAddress = all.filter((tx) => tx.outputs.some(({ address }) => address === id))
    const inBlocks = ofAddress
      .filter(({ height }) => height !== null)
      .toSorted((a, b) => (b.height ?? 0) - (a.height ?? 0))
    if (path === '/blocks/tip/height') return String(tip)
    if (path === '/block-height/0') return this.firstBlock
    if (room === 'address' && what === '')
      return {
        address: id,
        chain_stats: { tx_count: inBlocks.length },
        mempool_stats: { tx_count: ofAddress.length - inBlocks.length },
      }
    if (room === 'address' && more === 'chain') {
      const at = inBlocks.findIndex((tx) => tx.id === last)
      return inBlocks.slice(at + 1, at + 26).map(shown)
    }
    if (room === 'address')
      return [...ofAddress.filter(({ height }) => height === null), ...inBlocks.slice(0, 25)].map(
        shown,
      )
    if (room === 'tx' && what === 'outspend') {
      const spender = all.find((tx) => tx.inputs.includes(`${id}:${more}`))
      return spender ? { spent: true, txid: spender.id, vin: 0 } : { spent: false }
    }
    const found = room === 'tx' && what === '' ? txs.get(id) : undefined
    return found && shown(found)
  }
}

const shown = ({ id, inputs, outputs, height }: Tx) => ({
  txid: id,
  vin: inputs.map((input) => ({
    txid: input.split(':')[0],
    vout: Number(input.split(':')[1]),
  })),
  vout: outputs.map(({ address, satoshi }) => ({
    scriptpubkey_address: address,
    value: satoshi,
  })),
  status: height === null ? { confirmed: false } : { confirmed: true, block_height: height },
})
