type Table = Readonly<Record<string, unknown>>
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isTexts = (value: unknown): boolean =>
  typeof value === 'string' ||
  (Array.isArray(value) &&
    value.every((each) => typeof each === 'string' || typeof each === 'number'))

interface Shape {
  readonly fits: (value: unknown) => boolean
  readonly wanted: string
}
const text: Shape = { fits: (value) => typeof value === 'string' && value !== '', wanted: 'a text' }
const yesOrNo: Shape = { fits: (value) => typeof value === 'boolean', wanted: 'true or false' }
const texts: Shape = { fits: isTexts, wanted: 'a text or a list of texts' }

/** What may stand at each key of a service that is taken over as it is. */
export const shapes: ReadonlyMap<string, Shape> = new Map([
  ['image', text],
  ['command', texts],
  ['entrypoint', texts],
  [
    'user',
    {
      fits: (value) => ['string', 'number'].includes(typeof value),
      wanted: 'a user, like   "1000:1000"',
    },
  ],
  ['working_dir', text],
  ['restart', text],
  ['healthcheck', { fits: isTable, wanted: 'a mapping' }],
  ['stop_signal', text],
  ['stop_grace_period', text],
  ['init', yesOrNo],
  ['read_only', yesOrNo],
  ['expose', texts],
  ['tmpfs', texts],
  ['cap_drop', texts],
])

/** Keys whose list has no order: it is sorted, each once. */
export const sets: ReadonlySet<string> = new Set(['cap_drop', 'expose'])
export const inSet = (value: unknown): readonly unknown[] =>
  [...new Set(Array.isArray(value) ? value.map(String) : [String(value)])].toSorted()

/**
 * The key in a mapping of texts whose value YAML reads otherwise than it is written: `1.10` would become `1.1`, and
 * `yes` a truth; undefined where there is none.
 */
export function misreadKey(value: unknown, lineOf: (key: string) => string): string | undefined {
  if (!isTable(value)) return undefined
  return Object.entries(value).find(([key, inner]) => {
    if (typeof inner === 'string') return false
    const written = lineOf(key).replaceAll(/\s*[,}].*$/g, '')
    return typeof inner !== 'number' || !written.endsWith(`: ${inner}`)
  })?.[0]
}

/** The paths inside of a container at which two things of one service are mounted. */
export function mountedTwice(
  volumes: readonly { readonly target: string }[],
  tmpfs: unknown,
): string | undefined {
  const seen = new Set<string>()
  const targets = [
    ...volumes.map(({ target }) => target),
    ...(Array.isArray(tmpfs) ? tmpfs : tmpfs === undefined ? [] : [tmpfs]).map(
      (each) => String(each).split(':')[0] ?? '',
    ),
  ]
  return targets.find((target) => {
    const plain = target.replace(/\/+$/, '')
    if (seen.has(plain)) return true
    seen.add(plain)
    return false
  })
}
