import { builtStandard, serve, type Served } from '../support/distribution.ts'

/** A shop of the standard selection with its first administrator signed in. */
export interface Shop {
  readonly url: string
  /** One request to /api/…; `as` is the cookie of a visitor, or nobody; absent, the administrator asks. */
  call(method: string, path: string, body?: unknown, as?: Visitor | null): Promise<Answer>
  /** The same with an answer that must be 2xx. */
  get<T>(method: string, path: string, body?: unknown, as?: Visitor | null): Promise<T>
  stop(): Promise<unknown>
}
export interface Answer {
  readonly status: number
  readonly body: unknown
}
/** A browser that keeps its cookie. */
export interface Visitor {
  cookie: string
}

/** Starts the shop on an empty embedded database. */
export async function openShop(): Promise<Shop> {
  const { folder } = await builtStandard()
  return signedIn(await serve(folder))
}

/** Makes the first administrator of a shop that was just started, and signs in. */
export async function signedIn(served: Served): Promise<Shop> {
  const [email, password] = ['owner@example.com', 'a long and good password']
  const owner = await send(served.url, 'POST', '/users', { email, name: 'Owner', password }, {})
  const session = await send(served.url, 'POST', '/session', { email, password }, {})
  if (!owner.ok || !session.ok) throw new Error(`nobody could sign in: ${await session.text()}`)
  const cookie = session.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ')
  const { csrfToken } = (await session.json()) as { csrfToken: string } // Session of the SDK
  const call: Shop['call'] = async (method, path, body, as) => {
    const headers =
      as === undefined ? { cookie, 'x-csrf-token': csrfToken } : as ? { cookie: as.cookie } : {}
    const response = await send(served.url, method, path, body, headers as Record<string, string>) // two shapes of one
    const fresh = response.headers.getSetCookie().find((text) => text.startsWith('visitor='))
    if (as && fresh) as.cookie = fresh.split(';')[0] ?? ''
    return { status: response.status, body: await response.json().catch(() => undefined) }
  }
  return {
    url: served.url,
    call,
    async get<T>(method: string, path: string, body?: unknown, as?: Visitor | null) {
      const answer = await call(method, path, body, as)
      if (answer.status >= 300)
        throw new Error(
          `${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`,
        )
      return answer.body as T // the caller names the shape
    },
    stop: served.stop,
  }
}

function send(
  url: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
) {
  return fetch(`${url}/api${path}`, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** Asks again until the answer is the one waited for. */
export async function until<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (isDone(answer)) return answer
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
