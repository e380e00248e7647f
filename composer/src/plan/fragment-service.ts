import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import { nearest } from '../read/nearest.ts'
import type { Path } from '../read/yaml-file.ts'
import { serviceMistakes } from './fragment-checks.ts'
import { readDependsOn } from './fragment-depends.ts'
import { readFiles, readVolumes, type Mount } from './fragment-mounts.ts'
import { readNetworks, type Networks } from './fragment-networks.ts'
import { readPort, type PublishedPort } from './fragment-ports.ts'
import { inSet, misreadKey, mountedTwice, pairsOf, sets, shapes } from './fragment-values.ts'
import {
  fragmentConflict,
  fragmentShape,
  mountConflict,
  noMergeRule,
  notGranted,
} from './service-problems.ts'
import { isPlain } from './sourced.ts'

/** A service of a fragment in the one form the merge knows. Names are still the plugin's own. */
export interface FragmentService {
  readonly name: string
  readonly at: Fact
  /** Key → canonical value; what names other things of the fragment stands beside. */
  readonly values: Readonly<Record<string, unknown>>
  readonly ports: readonly PublishedPort[]
  readonly mounts: readonly Mount[]
  readonly secrets: ReturnType<typeof readFiles>
  /** Undefined where it names none: then it is in the plugin's own. */
  readonly networks: Networks | undefined
  readonly dependsOn: Readonly<Record<string, { readonly condition: string }>>
  /** `plugin version`, `file:line`, text of a path inside the service, as it is written. */
  readonly fact: (...path: Path) => Fact
  /** The same of a path in the canonical form. */
  readonly writtenAt: (...path: Path) => Fact
}

/** What stands around a service in its fragment. */
export interface Around {
  readonly names: Readonly<
    Record<'services' | 'volumes' | 'networks' | 'configs' | 'secrets', readonly string[]>
  >
  /** Services of core that it may wait for. */
  readonly ofCore: readonly string[]
  readonly problems: Problem[]
}

type Table = Readonly<Record<string, unknown>>
type Facts = (...path: Path) => Fact

const reshaped =
  'environment labels depends_on ports volumes networks configs secrets mem_limit cpus deploy'.split(
    ' ',
  )
const neverGranted = new Set(
  'userns_mode cgroup_parent build container_name links external_links volumes_from env_file extends sysctls runtime cgroup uts'.split(
    ' ',
  ),
)

/** Reads one service of a fragment into the one form; everything that has no rule is a problem. */
export function readService(
  name: string,
  value: Table,
  fact: Facts,
  around: Around,
): FragmentService {
  const { problems } = around
  const values: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const shape = shapes.get(key)
    if (shape?.fits(inner)) values[key] = sets.has(key) ? inSet(inner) : inner
    else if (shape) problems.push(fragmentShape(`${key} of ${name}`, shape.wanted, fact(key)))
    else if (neverGranted.has(key))
      problems.push(notGranted(key, fact(key), [`Take ${key} out of the fragment.`]))
    else if (!reshaped.includes(key))
      problems.push(noMergeRule(key, fact(key), nearest(key, [...shapes.keys(), ...reshaped])))
  }
  Object.assign(values, readPairs(name, value, fact, problems), readLimits(value, fact, problems))
  const configs = readFiles('configs', value['configs'], fact, around).map((each): Mount => ({
    ...each,
    kind: 'config',
    isReadOnly: true,
  }))
  const mounts = [...readVolumes(value['volumes'], fact, around), ...configs]
  const twice = mountedTwice(mounts, value['tmpfs'])
  if (twice !== undefined)
    problems.push(
      mountConflict(
        name,
        twice,
        ['volumes', 'configs', 'tmpfs'].filter((key) => key in value).map((key) => fact(key)),
      ),
    )
  const secrets = readFiles('secrets', value['secrets'], fact, around)
  problems.push(...serviceMistakes(name, value, secrets, fact))
  return {
    name,
    at: fact(),
    values,
    ports: (Array.isArray(value['ports']) ? value['ports'] : []).flatMap((port: unknown, at) =>
      readPort(port, fact('ports', at), problems),
    ),
    mounts,
    secrets,
    networks: readNetworks(value['networks'], fact, around),
    dependsOn: readDependsOn(value['depends_on'], fact, around),
    fact,
    writtenAt: (...path) => fact(...asWritten(value, path)),
  }
}

/** Mappings of texts, which may be written as lists of KEY=value. */
function readPairs(name: string, value: Table, fact: Facts, problems: Problem[]): Table {
  const found: Record<string, unknown> = {}
  for (const key of ['environment', 'labels']) {
    if (value[key] === undefined) continue
    const misread = misreadKey(value[key], (inner) => String(fact(key, inner)[2] ?? ''))
    const pairs = pairsOf(value[key])
    if (misread !== undefined)
      problems.push(
        fragmentShape(
          `${misread} of ${name}`,
          isNothing(value[key], misread)
            ? 'given a value: without one, the machine’s own variable of that name would go in'
            : 'in quotes: YAML reads it as something else than it says',
          fact(key, misread),
        ),
      )
    else if (pairs) found[key] = pairs
    else
      problems.push(
        fragmentShape(`${key} of ${name}`, 'a mapping or a list of KEY=value', fact(key)),
      )
  }
  return found
}

const isNothing = (pairs: unknown, key: string) => isPlain(pairs) && pairs[key] === null

/** `mem_limit` and `cpus` are the short forms of what stands under `deploy.resources.limits`. */
function readLimits(value: Table, fact: Facts, problems: Problem[]): Table {
  const { resources, ...otherDeploy } = isPlain(value['deploy']) ? value['deploy'] : {}
  const { limits, ...otherResources } = isPlain(resources) ? resources : {}
  const { memory, cpus, ...otherLimits } = isPlain(limits) ? limits : {}
  for (const [path, others] of [
    [['deploy'], otherDeploy],
    [['deploy', 'resources'], otherResources],
    [['deploy', 'resources', 'limits'], otherLimits],
  ] as const)
    for (const key of Object.keys(others))
      problems.push(noMergeRule([...path, key].join('.'), fact(...path, key), undefined))
  const found: Record<string, string> = {}
  for (const [key, short, long] of [
    ['memory', 'mem_limit', memory],
    ['cpus', 'cpus', cpus],
  ] as const) {
    const [one, other] = [value[short], long].filter((each) => each !== undefined).map(scalar)
    if (one !== undefined) found[key] = one
    if (one !== undefined && other !== undefined && one !== other)
      problems.push(
        fragmentConflict(
          `deploy.resources.limits.${key}`,
          [fact(short), fact('deploy', 'resources', 'limits', key)],
          `Keep one of the two: ${short} is short for the other.`,
        ),
      )
  }
  return Object.keys(found).length === 0 ? {} : { deploy: { resources: { limits: found } } }
}

const scalar = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** Where a path of the canonical form stands in the service as it was written. */
function asWritten(value: Table, path: Path): Path {
  const [key = '', inner = ''] = path
  if (key === 'deploy') {
    const short = path.at(-1) === 'memory' ? 'mem_limit' : 'cpus'
    return short in value ? [short] : path
  }
  const written = value[key]
  if (!Array.isArray(written)) return path
  if (key === 'environment' || key === 'labels')
    return [key, written.findIndex((each) => String(each).startsWith(`${inner}=`))]
  if (key === 'depends_on' || key === 'networks') return [key, written.indexOf(inner)]
  return sets.has(String(key))
    ? [key, written.findIndex((each) => String(each) === inSet(written)[Number(inner)])]
    : path
}
