import type { Static, TSchema } from 'typebox'
import type { AnyRoute, RouteKey } from './server.ts'
import type { HttpProblem } from './resources.ts'
import { retryOnce } from './retry.ts'
import { useTexts } from './texts.ts'

/** Vue helpers: how pages and fills talk to the API, and to their reader. No server code reaches the browser: the route table is a type. */

export { english, language, locale, ownerOf, speak, titleOfMethod, useTexts } from './texts.ts'
export type { Given, Plural, Texts, Translate } from './texts.ts'

const t = useTexts('core')

type Part<S, Key extends string> = S extends { readonly [K in Key]: infer V extends TSchema }
  ? { [K in Key]: Static<V> }
  : { [K in Key]?: never }
type Given<S> = Part<S, 'params'> & Part<S, 'query'> & Part<S, 'body'>

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

let signedInAgain: (() => Promise<void>) | undefined
/** Core's admin says with this how to wait until somebody has signed in again; it rejects where nobody does. */
export function waitForSignIn(wait: () => Promise<void>): void {
  signedInAgain = wait
}

/**
 * One request to the API of this origin. `path` starts with /api. A body of Blob or File is sent as it is, all else as JSON;
 * `extra` headers go with it. In the admin, one that finds the session over waits until its user has signed in again over the
 * page, and is made once more. A GET that the network breaks off is made a second time.
 */
export async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  extra?: Readonly<Record<string, string>>,
): Promise<T> {
  try {
    return await requestOnce<T>(method, path, body, extra)
  } catch (error) {
    if (!signedInAgain || !(error instanceof ApiError) || error.problem.status !== 401) throw error
    await signedInAgain().catch(() => {
      throw error
    })
    return requestOnce<T>(method, path, body, extra)
  }
}

/** As `request`, and waits for nobody: what signs in itself. */
export async function requestOnce<T>(
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
  const ask = () =>
    fetch(path, {
      method,
      headers,
      ...(payload === undefined ? {} : { body: payload }),
      credentials: 'same-origin',
    })
  let response: Response
  try {
    response = await (method === 'GET' ? retryOnce(ask) : ask())
  } catch {
    throw new ApiError({
      type: 'about:blank',
      title: t('The server cannot be reached'),
      status: 0,
      detail: t('The server cannot be reached. Check the connection and try again.'),
    })
  }
  if (response.status === 204) return undefined as T // the caller's shape says there is no content
  const json: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const fallback: HttpProblem = {
      type: 'about:blank',
      title: response.statusText || t('The server answered with an error'),
      status: response.status,
    }
    throw new ApiError(
      json && typeof json === 'object' && 'title' in json ? (json as HttpProblem) : fallback,
    ) // told apart by its title
  }
  return json as T // validated by the server's serialiser
}

/** What is streamed is read with an EventSource, and not called. */
type Answer<S> = S extends { readonly returns: infer V extends TSchema } ? Static<V> : never

/** Each route of a table → what calling it takes, and what it answers. */
type Calls<T extends Record<string, AnyRoute>> = {
  readonly [K in keyof T & RouteKey]: {
    readonly given: Given<T[K]['shape']>
    readonly answer: Answer<T[K]['shape']>
  }
}
/** Stands in the compiler's message where a route is called with nothing, and it wants parameters, a query or a body. */
export interface WantsASecondArgument {
  readonly wants: 'params, query or body'
}

/**
 * Calls one route of a plugin; rejects with ApiError on any answer that is not 2xx.
 *
 * Two signatures rather than one with a rest of a type that hangs on the key: that one costs the compiler a second.
 */
export interface PluginApi<
  C extends Record<string, { readonly given: unknown; readonly answer: unknown }>,
> {
  <K extends keyof C>(
    key: K & (Record<never, never> extends C[K]['given'] ? unknown : WantsASecondArgument),
  ): Promise<C[K]['answer']>
  <K extends keyof C>(key: K, given: C[K]['given']): Promise<C[K]['answer']>
}

/** Gives a typed client of a plugin's routes: `useApi<typeof routes>('ratings')('GET /products/:id', { params: { id } })`. */
export function useApi<T extends Record<string, AnyRoute>>(plugin: string): PluginApi<Calls<T>> {
  const call = (key: string, values?: Values) => {
    const [method, pattern] = key.split(' ') as [string, string] // RouteKey: one space
    const path = pattern.replaceAll(/:([A-Za-z]+)/g, (_, name: string) =>
      encodeURIComponent(String(values?.params?.[name])),
    )
    const query = new URLSearchParams(
      Object.entries(values?.query ?? {})
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, String(value)]),
    ).toString()
    return request<Erased>(
      method,
      `/api/plugins/${plugin}${path === '/' ? '' : path}${query ? `?${query}` : ''}`,
      values?.body,
    )
  }
  return call as Erased
}
interface Values {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}
// oxlint-disable-next-line typescript/no-explicit-any -- checking this against every table of routes there could be takes the compiler a second
type Erased = any
