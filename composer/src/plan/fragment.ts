import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { LockedPlugin } from '../model/lock.ts'
import { nearest } from '../read/nearest.ts'
import { readYaml, type Path } from '../read/yaml-file.ts'
import { inSet, misreadKey, mountedTwice, sets, shapes } from './fragment-values.ts'
import {
  fragmentShape,
  mountConflict,
  missingService,
  noMergeRule,
  notGranted,
} from './service-problems.ts'

/** A service of a fragment in the one form the merge knows. Names are still the plugin's own. */
export interface FragmentService {
  readonly name: string
  readonly at: Fact
  /** Key → canonical value; ports, volumes and depends_on stand beside. */
  readonly values: Readonly<Record<string, unknown>>
  readonly ports: readonly PublishedPort[]
  readonly volumes: readonly {
    readonly source: string
    readonly target: string
    readonly isReadOnly: boolean
  }[]
  readonly dependsOn: Readonly<Record<string, { readonly condition: string }>>
  /** `plugin version`, `file:line`, text of a path inside the service, as it is written. */
  readonly fact: (...path: Path) => Fact
  /** The same of a path in the canonical form. */
  readonly writtenAt: (...path: Path) => Fact
}
export interface PublishedPort {
  readonly target: number
  readonly published: number
  readonly protocol: 'tcp' | 'udp'
  readonly fact: Fact
  /** As written: `"9090:80"`. */
  readonly text: string
}
export interface Fragment {
  readonly services: readonly FragmentService[]
  readonly volumes: readonly { readonly name: string; readonly at: Fact }[]
  readonly problems: readonly Problem[]
}

type Table = Readonly<Record<string, unknown>>

const reshaped = new Set([
  'environment',
  'labels',
  'depends_on',
  'ports',
  'volumes',
  'mem_limit',
  'cpus',
])
const needGrant = new Set([
  'privileged',
  'pid',
  'ipc',
  'network_mode',
  'userns_mode',
  'cgroup_parent',
  'devices',
  'cap_add',
  'security_opt',
  'build',
  'container_name',
  'links',
  'external_links',
  'volumes_from',
  'env_file',
  'extends',
  'networks',
  'sysctls',
  'runtime',
  'cgroup',
  'uts',
])

/** Reads a plugin's docker-compose fragment; everything that has no rule is a problem. */
export function readFragment({ release, files }: LockedPlugin, path: string): Fragment {
  const file = path.slice(2)
  if (!files.has(file)) return { services: [], volumes: [], problems: [] }
  const read = readYaml(
    readFileSync(join(release.folder, file), 'utf8'),
    file,
    'plan/fragment-not-yaml',
  )
  if (!('value' in read)) return { services: [], volumes: [], problems: read }
  const owner = `${release.name} ${release.version}`
  const factAt = (...keys: Path): Fact => [
    owner,
    `${file}:${read.at(...keys).line}`,
    read.lineAt(...keys),
  ]
  const problems: Problem[] = []
  const top = isTable(read.value) ? read.value : {}
  for (const key of Object.keys(top))
    if (key !== 'services' && key !== 'volumes')
      problems.push(noMergeRule(key, factAt(key), nearest(key, ['services', 'volumes'])))
  const volumes = Object.keys(isTable(top['volumes']) ? top['volumes'] : {})
  for (const volume of volumes) {
    const options = (top['volumes'] as Table)[volume] // checked to be a mapping on the line above
    if (options !== null && !(isTable(options) && Object.keys(options).length === 0))
      problems.push(
        notGranted('options of a volume', factAt('volumes', volume), ['Take the options out.']),
      )
  }
  const table = isTable(top['services']) ? top['services'] : {}
  const services = Object.keys(table).flatMap((name) => {
    const value = table[name]
    if (value !== null && !isTable(value)) {
      problems.push(fragmentShape(`The service ${name}`, 'a mapping', factAt('services', name)))
      return []
    }
    return [
      readService(name, value ?? {}, (...keys) => factAt('services', name, ...keys), {
        names: Object.keys(table),
        volumes,
        problems,
      }),
    ]
  })
  return {
    services,
    volumes: volumes.map((each) => ({ name: each, at: factAt('volumes', each) })),
    problems,
  }
}

interface Around {
  readonly names: readonly string[]
  readonly volumes: readonly string[]
  readonly problems: Problem[]
}

function readService(
  name: string,
  value: Table,
  fact: (...path: Path) => Fact,
  around: Around,
): FragmentService {
  const { problems } = around
  const values: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const shape = shapes.get(key)
    if (shape?.fits(inner)) values[key] = sets.has(key) ? inSet(inner) : inner
    else if (shape) problems.push(fragmentShape(`${key} of ${name}`, shape.wanted, fact(key)))
    else if (needGrant.has(key))
      problems.push(notGranted(key, fact(key), [`Take ${key} out of the fragment.`]))
    else if (!reshaped.has(key))
      problems.push(noMergeRule(key, fact(key), nearest(key, [...shapes.keys(), ...reshaped])))
  }
  for (const key of ['environment', 'labels'] as const) {
    if (value[key] === undefined) continue
    const misread = misreadKey(value[key], (inner) => String(fact(key, inner)[2] ?? ''))
    const pairs = pairsOf(value[key])
    if (misread !== undefined)
      problems.push(
        fragmentShape(
          `${misread} of ${name}`,
          'in quotes: YAML reads it as something else than it says',
          fact(key, misread),
        ),
      )
    else if (pairs) values[key] = pairs
    else
      problems.push(
        fragmentShape(`${key} of ${name}`, 'a mapping or a list of KEY=value', fact(key)),
      )
  }
  const limits = {
    ...(value['mem_limit'] === undefined ? {} : { memory: scalar(value['mem_limit']) }),
    ...(value['cpus'] === undefined ? {} : { cpus: scalar(value['cpus']) }),
  }
  if (Object.keys(limits).length > 0) values['deploy'] = { resources: { limits } }
  const volumes = listOf(value['volumes']).flatMap((volume, at) =>
    readVolume(volume, fact('volumes', at), around),
  )
  const twice = mountedTwice(volumes, value['tmpfs'])
  if (twice !== undefined)
    problems.push(mountConflict(name, twice, [fact('volumes'), fact('tmpfs')]))
  return {
    name,
    at: fact(),
    values,
    ports: listOf(value['ports']).flatMap((port, at) =>
      readPort(port, fact('ports', at), problems),
    ),
    volumes,
    dependsOn: readDependsOn(value['depends_on'], fact('depends_on'), around),
    fact,
    writtenAt: (...path) => fact(...asWritten(value, path)),
  }
}

/** Where a path of the canonical form stands in the service as it was written. */
function asWritten(value: Table, path: Path): Path {
  const [key = '', inner = ''] = path
  if (key === 'deploy') return [path.at(-1) === 'memory' ? 'mem_limit' : 'cpus']
  const written = value[key]
  if (!Array.isArray(written)) return path
  if (key === 'environment' || key === 'labels')
    return [key, written.findIndex((each) => String(each).startsWith(`${inner}=`))]
  if (key === 'depends_on') return [key, written.indexOf(inner)]
  return sets.has(String(key))
    ? [key, written.findIndex((each) => String(each) === inSet(written)[Number(inner)])]
    : path
}

const scalar = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]

function pairsOf(value: unknown): Record<string, string> | undefined {
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

function readPort(port: unknown, fact: Fact, problems: Problem[]): readonly PublishedPort[] {
  const refuse = () => {
    problems.push(
      fragmentShape(
        'A published port',
        'like   "9090:80"   or   { target: 80, published: 9090 }',
        fact,
      ),
    )
    return []
  }
  if (isTable(port)) {
    const { target, published, protocol = 'tcp', ...rest } = port
    const number = Number(published)
    if (
      !Number.isInteger(target) ||
      !Number.isInteger(number) ||
      Object.keys(rest).length > 0 ||
      (protocol !== 'tcp' && protocol !== 'udp')
    )
      return refuse()
    return [{ target: Number(target), published: number, protocol, fact, text: fact[2] ?? '' }]
  }
  const [, published, target, protocol = 'tcp'] =
    String(port).match(/^(\d+):(\d+)(?:\/(tcp|udp))?$/) ?? []
  if (published === undefined) return refuse()
  return [
    {
      target: Number(target),
      published: Number(published),
      protocol: protocol === 'udp' ? 'udp' : 'tcp',
      fact,
      text: JSON.stringify(port),
    },
  ]
}

function readVolume(
  volume: unknown,
  fact: Fact,
  { volumes, problems }: Around,
): FragmentService['volumes'] {
  const written: Table = isTable(volume) ? volume : shortVolume(String(volume))
  const { source, target, read_only: isReadOnly = false } = written
  if (
    typeof source !== 'string' ||
    typeof target !== 'string' ||
    !target.startsWith('/') ||
    typeof isReadOnly !== 'boolean' ||
    Object.keys(written).some((key) => !volumeKeys.has(key))
  ) {
    problems.push(
      fragmentShape('A volume', 'like   data:/var/lib/data   or   data:/var/lib/data:ro', fact),
    )
    return []
  }
  if (
    /^[./~$]/.test(source) ||
    (isTable(volume) && volume['type'] !== undefined && volume['type'] !== 'volume')
  ) {
    problems.push(
      notGranted(`a folder of the host, ${source}`, fact, [
        'Use a volume of the fragment instead.',
      ]),
    )
    return []
  }
  if (!volumes.includes(source)) {
    problems.push(missingService(source, 'volume', fact, nearest(source, volumes)))
    return []
  }
  return [{ source, target, isReadOnly: isReadOnly === true }]
}

const volumeKeys = new Set(['type', 'source', 'target', 'read_only'])

function shortVolume(text: string) {
  const [source, target, mode = 'rw', ...rest] = text.split(':')
  const isKnown = (mode === 'ro' || mode === 'rw') && rest.length === 0
  // A mode that is not known may not be taken for "read and write".
  return isKnown ? { source, target, read_only: mode === 'ro' } : {}
}

const conditions = new Set(['service_started', 'service_healthy', 'service_completed_successfully'])

function readDependsOn(
  value: unknown,
  fact: Fact,
  { names, problems }: Around,
): FragmentService['dependsOn'] {
  const entries = isTable(value)
    ? Object.entries(value)
    : listOf(value).map((name) => [String(name), {}] as const)
  return Object.fromEntries(
    entries.flatMap(([name, options]) => {
      if (!names.includes(name) && name !== 'api') {
        problems.push(missingService(name, 'service', fact, nearest(name, names)))
        return []
      }
      const { condition = 'service_started', ...rest } = isTable(options) ? options : {}
      if (
        typeof condition !== 'string' ||
        !conditions.has(condition) ||
        Object.keys(rest).length > 0
      ) {
        problems.push(
          fragmentShape(
            `depends_on ${name}`,
            `nothing but   condition: ${[...conditions].join(' | ')}`,
            fact,
          ),
        )
        return []
      }
      return [[name, { condition }]]
    }),
  )
}
