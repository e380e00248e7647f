/** One part of the shop at one moment. */
export interface PartState {
  readonly name: string
  readonly isUp: boolean
}
/** What one round of questions found. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number
  /** How long the server took to answer, in milliseconds; null where it did not. */
  readonly answeredInMs: number | null
  readonly parts: readonly PartState[]
}
/** What the shop is made of, as its server tells. */
export interface Shop {
  readonly name: string
  readonly core: string
  readonly plugins: number
}

const serverPart = 'server'

/** Asks the server for its health and for what it is made of. A server that does not answer is a sample too. */
export async function takeSample(
  apiUrl: string,
  token: string | undefined,
  at: number,
): Promise<{ sample: Sample; shop: Shop | undefined }> {
  const started = performance.now()
  const live = await ask(`${apiUrl}/health/live`, token)
  if (!live?.ok)
    return {
      sample: { at, answeredInMs: null, parts: [{ name: serverPart, isUp: false }] },
      shop: undefined,
    }
  const answeredInMs = Math.round(performance.now() - started)
  const [ready, distribution] = await Promise.all([
    ask(`${apiUrl}/health/ready`, token),
    ask(`${apiUrl}/api/distribution`, token),
  ])
  const parts = [{ name: serverPart, isUp: true }, ...partsOf(ready)]
  return {
    sample: { at, answeredInMs, parts },
    shop: distribution?.ok ? shopOf(distribution.body) : undefined,
  }
}

interface Answer {
  readonly ok: boolean
  readonly body: unknown
}

async function ask(url: string, token: string | undefined): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      headers: {
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      signal: AbortSignal.timeout(5000),
      redirect: 'error',
    })
    return { ok: response.ok, body: await response.json().catch(() => undefined) }
  } catch {
    return undefined
  }
}

/** Each part by its name; without names, whether the whole is ready. */
function partsOf(ready: Answer | undefined): readonly PartState[] {
  if (!ready) return []
  const named = Object.entries(recordOf(ready.body)).flatMap(([key, value]) =>
    typeof value === 'boolean'
      ? [{ name: key, isUp: value }]
      : Object.entries(recordOf(value)).flatMap(([name, isUp]) =>
          typeof isUp === 'boolean' ? [{ name, isUp }] : [],
        ),
  )
  return named.length > 0 ? named : [{ name: 'readiness', isUp: ready.ok }]
}

function shopOf(body: unknown): Shop | undefined {
  const { name, core, plugins } = recordOf(body)
  if (typeof name !== 'string' || typeof core !== 'string') return undefined
  return { name, core, plugins: Array.isArray(plugins) ? plugins.length : 0 }
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {} // JSON's own objects
