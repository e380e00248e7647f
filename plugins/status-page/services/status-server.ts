import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { refresh, style } from './assets.ts'
import { partHistories, withSample } from './history.ts'
import { pageOf, type Status } from './page.ts'
import { takeSample, type Sample, type Shop } from './sample.ts'

export interface StatusOptions {
  /** Origin of the distribution's server. */
  readonly apiUrl: string
  readonly token?: string | undefined
  /** Where the page stands on the shop's address, `/status`. */
  readonly prefix: string
  /** How long the shop may take to start before its silence counts. */
  readonly graceMs: number
}
export interface StatusServer {
  readonly server: Server
  /** Asks once; the next page shows it. */
  check(): Promise<void>
  /** True until the first check counts. */
  isStarting(): boolean
}

const minutesPerBar = 1
const bars = 60
const shownChecks = 10

/** The status page as a server that is not listening yet. It remembers in memory: a restart begins anew. */
export function createStatusServer({
  apiUrl,
  token,
  prefix,
  graceMs,
}: StatusOptions): StatusServer {
  let samples: readonly Sample[] = []
  let shop: Shop | undefined
  const began = Date.now()
  const statusNow = (): Status => {
    const now = Date.now()
    return {
      shop,
      now,
      parts: partHistories(samples, now, minutesPerBar * 60_000, bars),
      recent: samples.slice(-shownChecks).toReversed(),
      minutesPerBar,
    }
  }
  const answers = new Map<string, () => readonly [type: string, body: string]>([
    ['/', () => ['text/html; charset=utf-8', pageOf(statusNow(), prefix)]],
    [
      '/status.json',
      () => ['application/json; charset=utf-8', JSON.stringify(jsonOf(statusNow()))],
    ],
    ['/healthz', () => ['text/plain; charset=utf-8', 'ok\n']],
    ['/style.css', () => ['text/css; charset=utf-8', style]],
    ['/refresh.js', () => ['text/javascript; charset=utf-8', refresh]],
  ])
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(request, response, 405, ['text/plain; charset=utf-8', 'Only GET.\n'], {
        allow: 'GET, HEAD',
      })
    const answer = answers.get(withoutPrefix(request.url ?? '/', prefix))
    if (!answer)
      return send(request, response, 404, ['text/plain; charset=utf-8', 'There is no such page.\n'])
    send(request, response, 200, answer())
  })
  return {
    server,
    isStarting: () => samples.length === 0,
    async check() {
      const taken = await takeSample(apiUrl, token, Date.now())
      const isStarting = samples.length === 0 && Date.now() - began < graceMs
      if (isStarting && taken.sample.answeredInMs === null) return
      samples = withSample(samples, taken.sample)
      shop = taken.shop ?? shop
    },
  }
}

/** The path as this server names it, whether the proxy took the prefix off or not. */
function withoutPrefix(url: string, prefix: string): string {
  const [path = '/'] = url.split(/[?#]/)
  const rest =
    prefix !== '' && (path === prefix || path.startsWith(`${prefix}/`))
      ? path.slice(prefix.length)
      : path
  return rest === '' ? '/' : rest
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  [type, body]: readonly [string, string],
  headers: Readonly<Record<string, string>> = {},
) {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** For programs: the words of the page as values. */
function jsonOf({ shop, parts, recent }: Status) {
  return {
    shop: shop ?? null,
    isUp: parts.length > 0 && parts.every((part) => part.isUp),
    checkedAt: recent[0] ? new Date(recent[0].at).toISOString() : null,
    parts: parts.map(({ name, isUp, uptime }) => ({ name, isUp, uptime })),
  }
}
