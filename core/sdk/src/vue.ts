import type { Static, TSchema } from 'typebox'
import type { AnyRoute, RouteKey, RouteShape } from './server.ts'
import type { HttpProblem } from './resources.ts'

/** Vue helpers: how pages and fills talk to the API. No server code reaches the browser: the route table is a type. */

type Value<S> = S extends TSchema ? Static<S> : never
type Given<S extends RouteShape> = (S['params'] extends TSchema
  ? { params: Value<S['params']> }
  : { params?: never }) &
  (S['query'] extends TSchema ? { query: Value<S['query']> } : { query?: never }) &
  (S['body'] extends TSchema ? { body: Value<S['body']> } : { body?: never })
type Args<S extends RouteShape> =
  Record<never, never> extends Given<S> ? [given?: Given<S>] : [given: Given<S>]

/** An answer that is not 2xx, as the API's problem+json. */
export class ApiError extends Error {
  readonly problem: HttpProblem
  constructor(problem: HttpProblem) {
    super(problem.detail ?? problem.title)
    this.name = 'ApiError'
    this.problem = problem
  }
}

let csrfToken = ''
/** Core's apps call this with the session's token; changing requests carry it from then on. */
export function setCsrfToken(token: string): void {
  csrfToken = token
}

/** One request to the API of this origin. `path` starts with /api. A body of Blob or File is sent as it is, all else as JSON; `extra` headers go with it. */
export async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  extra: Readonly<Record<string, string>> = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', ...extra }
  if (method !== 'GET' && csrfToken) headers['x-csrf-token'] = csrfToken
  let payload: BodyInit | undefined
  if (body instanceof Blob) {
    headers['content-type'] = body.type || 'application/octet-stream'
    payload = body
  } else if (body !== undefined) {
    headers['content-type'] = 'application/json'
    payload = JSON.stringify(body)
  }
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      ...(payload === undefined ? {} : { body: payload }),
      credentials: 'same-origin',
    })
  } catch {
    throw new ApiError({
      type: 'about:blank',
      title: 'The server cannot be reached',
      status: 0,
      detail: 'The server cannot be reached. Check the connection and try again.',
    })
  }
  if (response.status === 204) return undefined as T // the caller's shape says there is no content
  const json: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const fallback: HttpProblem = {
      type: 'about:blank',
      title: response.statusText || 'The server answered with an error',
      status: response.status,
    }
    throw new ApiError(
      json && typeof json === 'object' && 'title' in json ? (json as HttpProblem) : fallback,
    ) // told apart by its title
  }
  return json as T // validated by the server's serialiser
}

/**
 * Gives a typed client of a plugin's routes: `useApi<typeof routes>('ratings')('GET /products/:id', { params: { id } })`.
 *
 * Rejects with ApiError on any answer that is not 2xx.
 */
export function useApi<T extends Record<string, AnyRoute>>(plugin: string) {
  return async <K extends keyof T & RouteKey>(
    key: K,
    ...[given]: Args<T[K]['shape']>
  ): Promise<Value<T[K]['shape']['returns']>> => {
    const [method, pattern] = key.split(' ') as [string, string] // RouteKey: one space
    const values = given as
      | { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
      | undefined // Given, seen without its types
    const path = pattern.replaceAll(/:([A-Za-z]+)/g, (_, name: string) =>
      encodeURIComponent(String(values?.params?.[name])),
    )
    const query = new URLSearchParams(
      Object.entries(values?.query ?? {})
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, String(value)]),
    ).toString()
    return request(
      method,
      `/api/plugins/${plugin}${path === '/' ? '' : path}${query ? `?${query}` : ''}`,
      values?.body,
    )
  }
}
