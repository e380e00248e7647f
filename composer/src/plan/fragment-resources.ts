import { posix } from 'node:path'
import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import { nearest } from '../read/nearest.ts'
import type { Path } from '../read/yaml-file.ts'
import { fragmentShape, noMergeRule, notGranted, outsideThePlugin } from './service-problems.ts'
import { isPlain } from './sourced.ts'

export const resourceKinds = ['volumes', 'networks', 'configs', 'secrets'] as const
export type ResourceKind = (typeof resourceKinds)[number]

/** A volume, network, config or secret of a fragment. The name is still the plugin's own. */
export interface Resource {
  readonly kind: ResourceKind
  readonly name: string
  readonly at: Fact
  /** Where a key of it is written. */
  readonly fact: (...path: Path) => Fact
  /** A network that leads nowhere else. */
  readonly isInternal?: boolean
  /** Name under which it is there already; only by a grant. */
  readonly external?: string
  /** Of a config or secret: the file of the plugin, without `./`. */
  readonly file?: string
}
interface From {
  readonly fact: (...path: Path) => Fact
  readonly fragment: string
  readonly files: ReadonlyMap<string, unknown>
  readonly problems: Problem[]
}

/** Reads the resources of one kind; what has no rule, or is no file of the plugin, is a problem. */
export function readResources(kind: ResourceKind, value: unknown, from: From): readonly Resource[] {
  const { fact, problems } = from
  return Object.entries(isPlain(value) ? value : {}).map(([name, written]) => {
    const at = fact(kind, name)
    const options = isPlain(written) ? written : {}
    const base = { kind, name, at, fact: (...path: Path) => fact(kind, name, ...path) }
    const isFile = kind === 'configs' || kind === 'secrets'
    const known = [
      'external',
      'name',
      ...(isFile ? ['file'] : kind === 'networks' ? ['internal'] : []),
    ]
    for (const key of Object.keys(options))
      if (!known.includes(key))
        problems.push(noMergeRule(key, fact(kind, name, key), nearest(key, known)))
    if (options['external'] === true) {
      const { name: there = name } = options
      if (!isFile && typeof there === 'string') return { ...base, external: there }
      problems.push(
        notGranted(`${kind} that the plugin does not bring, ${name}`, at, [
          'Name a file of the plugin:   file: ./services/settings.conf',
        ]),
      )
      return base
    }
    if (options['name'] !== undefined)
      problems.push(noMergeRule('name', fact(kind, name, 'name'), undefined))
    if (kind === 'networks' && options['internal'] === true) return { ...base, isInternal: true }
    return isFile ? { ...base, file: fileOf(options['file'], name, kind, from) } : base
  })
}

/** Paths in a fragment are read from the folder the fragment lies in, as docker-compose does. */
function fileOf(
  written: unknown,
  name: string,
  kind: 'configs' | 'secrets',
  { fact, fragment, files, problems }: From,
): string {
  const at = fact(kind, name, 'file')
  if (typeof written !== 'string') {
    problems.push(fragmentShape(`file of ${name}`, 'like   ./settings.conf', fact(kind, name)))
    return ''
  }
  const file = posix.normalize(posix.join(posix.dirname(fragment), written))
  if (written.startsWith('/') || file.startsWith('../') || /[$~\\]/.test(written)) {
    problems.push(outsideThePlugin(written, at))
    return ''
  }
  if (!files.has(file))
    problems.push(outsideThePlugin(written, at, nearest(file, [...files.keys()])))
  return file
}
