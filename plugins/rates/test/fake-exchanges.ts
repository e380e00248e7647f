import { createServer, type Server, type ServerResponse } from 'node:http'

/** CoinGecko and Kraken on one port, as far as rates are asked of them: under `/gecko` and `/kraken`. */
export class FakeExchanges {
  /** What a bitcoin costs there, as it is written into the answer. */
  geckoPrice = '57891.12345678901234567'
  geckoAt = Math.floor(Date.now() / 1000)
  krakenPrice = '57900.10000'
  /** What is said instead, by server. */
  readonly trouble: Partial<
    Record<'gecko' | 'kraken', { readonly status: number; readonly body: string }>
  > = {}
  /** Addresses that were asked, with the key that came along. */
  readonly asked: string[] = []
  private readonly server: Server

  constructor() {
    this.server = createServer((request, response) => {
      const url = request.url ?? ''
      const key = request.headers['x-cg-demo-api-key']
      this.asked.push(key === undefined ? url : `${url} with ${String(key)}`)
      const { pathname, searchParams } = new URL(url, 'http://fake')
      const trouble = this.trouble[pathname.startsWith('/gecko/') ? 'gecko' : 'kraken']
      if (trouble) say(response, trouble.status, trouble.body)
      else if (pathname === '/gecko/simple/price')
        say(response, 200, this.ofGecko(searchParams.get('vs_currencies')))
      else if (pathname === '/kraken/Ticker')
        say(response, 200, this.ofKraken(searchParams.get('pair')))
      else say(response, 404, '')
    })
  }
  private ofGecko(currency: string | null): string {
    const price = ['eur', 'usd'].includes(currency ?? '') ? `"${currency}":${this.geckoPrice},` : ''
    return `{"bitcoin":{${price}"last_updated_at":${this.geckoAt}}}`
  }
  private ofKraken(pair: string | null): string {
    return ['XBTEUR', 'XBTUSD'].includes(pair ?? '')
      ? `{"error":[],"result":{"XXBTZEUR":{"a":["57900.2","1"],"c":["${this.krakenPrice}","0.003"]}}}`
      : '{"error":["EQuery:Unknown asset pair"]}'
  }
  /** Gives its address, `http://127.0.0.1:41234`. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => {
        const address = this.server.address()
        resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
      })
    })
  }
  close(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}

const say = (response: ServerResponse, status: number, body: string) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
