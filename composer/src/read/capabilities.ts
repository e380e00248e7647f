import type { Manifest } from '@bitcartcc/sdk/manifest'
import { askedPrivileges } from './privileges.ts'
import { readYaml } from './yaml-file.ts'

/**
 * What a plugin's code and fragment can reach beyond the core it is given, read off their text; sorted.
 *
 * `files`, `network`, `processes`, `environment`, `code` (made at run time), another `node:…` module; `service NAME`, `another's service NAME`,
 * `image REFERENCE`, `port NUMBER`, `privilege NAME`. A mention counts, in a comment as well. Code that means to hide what it does can:
 * this shows an operator what honest code began to use, and holds nobody back.
 */
export function capabilitiesOf(
  files: ReadonlyMap<string, Uint8Array>,
  { contributes: { services } }: Manifest,
): readonly string[] {
  const found = new Set<string>()
  for (const [path, bytes] of files)
    if (/\.[cm]?[jt]sx?$/.test(path))
      for (const each of ofCode(Buffer.from(bytes).toString('utf8'))) found.add(each)
  const fragment = typeof services === 'string' ? services : services?.fragment
  const text = fragment === undefined ? undefined : files.get(fragment.replace(/^\.\//, ''))
  if (text)
    for (const each of ofFragment(Buffer.from(text).toString('utf8'), services)) found.add(each)
  return [...found].toSorted()
}

const modules: Readonly<Record<string, string>> = {
  fs: 'files',
  'fs/promises': 'files',
  child_process: 'processes',
  cluster: 'processes',
  worker_threads: 'processes',
  net: 'network',
  tls: 'network',
  http: 'network',
  https: 'network',
  http2: 'network',
  dgram: 'network',
  dns: 'network',
  'dns/promises': 'network',
  undici: 'network',
  vm: 'code',
  module: 'code',
  inspector: 'code',
  process: 'environment',
}
/** Modules that reach nothing outside of the process. */
const harmless = new Set(
  'assert buffer crypto events path path/posix querystring stream stream/promises string_decoder timers timers/promises url util zlib'.split(
    ' ',
  ),
)

const globals: readonly (readonly [RegExp, string])[] = [
  [/\b(fetch|WebSocket|EventSource|XMLHttpRequest)\b/, 'network'],
  [/\bprocess\s*(\.|\?\.|\[)/, 'environment'],
  [/\beval\s*\(|\bFunction\s*\(/, 'code'],
]

function ofCode(text: string): readonly string[] {
  const imported = [...text.matchAll(/(['"`])(?:node:)?([a-z][a-z0-9_/]*)\1/g)].flatMap(
    ([literal, , name = '']) => {
      const known = Object.hasOwn(modules, name) ? modules[name] : undefined
      // Without the prefix a word is only a module where it is imported.
      if (!literal.includes('node:') && !isImported(text, name)) return []
      if (known !== undefined) return [known]
      return harmless.has(name) || !literal.includes('node:') ? [] : [`node:${name}`]
    },
  )
  return [...imported, ...globals.flatMap(([mention, name]) => (mention.test(text) ? [name] : []))]
}

const isImported = (text: string, name: string) =>
  new RegExp(`(\\bfrom|\\bimport|\\bimport\\s*\\(|\\brequire\\s*\\()\\s*['"\`]${name}['"\`]`).test(
    text,
  )

type Table = Readonly<Record<string, unknown>>
const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null

function ofFragment(
  text: string,
  declared: Manifest['contributes']['services'],
): readonly string[] {
  const patched = (typeof declared === 'object' ? declared.patches : undefined) ?? {}
  const read = readYaml(text, 'docker-compose.yml', 'plan/fragment-not-yaml')
  // `plan` refuses it, with the line.
  if (!('value' in read)) return []
  const { value } = read
  const services = isTable(value) && isTable(value['services']) ? value['services'] : {}
  const privileges = askedPrivileges(value).map(({ privilege }) => `privilege ${privilege}`)
  const ofServices = Object.entries(services).flatMap(([name, service]) => {
    if (!isTable(service)) return []
    const { image, ports } = service
    return [
      Object.hasOwn(patched, name) ? `another's service ${name}` : `service ${name}`,
      ...(typeof image === 'string' ? [`image ${image}`] : []),
      ...(Array.isArray(ports) ? ports.map(publishedPort) : []),
    ]
  })
  return [...ofServices, ...privileges]
}

const publishedPort = (port: unknown) =>
  `port ${isTable(port) ? String(port['published'] ?? port['target']) : String(port)}`
