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

const list: Shape = {
  fits: (value) => Array.isArray(value) && isTexts(value),
  wanted: 'a list of texts',
}
const size: Shape = {
  fits: (value) => typeof value === 'string' || Number.isInteger(value),
  wanted: 'a size, like   64m',
}
const onlyHost: Shape = { fits: (value) => value === 'host', wanted: 'host' }

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
  ['ulimits', { fits: isTable, wanted: 'a mapping' }],
  ['shm_size', size],
  ['pids_limit', { fits: Number.isInteger, wanted: 'a whole number' }],
  ['stop_signal', text],
  ['stop_grace_period', text],
  ['hostname', text],
  ['platform', text],
  ['init', yesOrNo],
  ['tty', yesOrNo],
  ['stdin_open', yesOrNo],
  ['privileged', yesOrNo],
  ['network_mode', onlyHost],
  ['pid', onlyHost],
  ['ipc', onlyHost],
  ['cap_add', list],
  ['devices', list],
  ['security_opt', list],
  ['read_only', yesOrNo],
  ['expose', texts],
  ['tmpfs', texts],
  ['cap_drop', texts],
])

/** Keys whose list has no order: it is sorted, each once. */
export const sets: ReadonlySet<string> = new Set([
  'cap_add',
  'cap_drop',
  'devices',
  'expose',
  'security_opt',
])
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

/** A mapping of texts, which may be written as a list of KEY=value; undefined where it is neither. */
export function pairsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (isTable(value)) {
    const entries = Object.entries(value)
    return entries.some(([, inner]) => typeof inner === 'object')
      ? undefined
      : Object.fromEntries(entries.map(([key, inner]) => [key, String(inner)]))
  }
  if (
    !Array.isArray(value) ||
    !value.every((each): each is string => typeof each === 'string' && each.includes('='))
  )
    return undefined
  return Object.fromEntries(
    value.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  )
}

/** The paths inside of a container at which two things of one service are mounted. */
export function mountedTwice(
  mounts: readonly { readonly target: string }[],
  tmpfs: unknown,
): string | undefined {
  const seen = new Set<string>()
  const targets = [
    ...mounts.map(({ target }) => target),
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
