import type { Fact } from '@bitcartcc/sdk/problem'
import { nearest } from '../read/nearest.ts'
import type { Path } from '../read/yaml-file.ts'
import type { Around } from './fragment-service.ts'
import { fragmentShape, missingService, notGranted } from './service-problems.ts'
import { isPlain } from './sourced.ts'

/** Something that stands in the file system of a container. Names are still the plugin's own. */
export interface Mount {
  /** A volume or a config of the fragment, or a path of the host. */
  readonly kind: 'volume' | 'config' | 'host'
  readonly source: string
  readonly target: string
  readonly isReadOnly: boolean
  /** Where it is written, inside of the service. */
  readonly written: Path
}

type Facts = (...path: Path) => Fact

/** The volumes of a service, short and long, in the one form. */
export const readVolumes = (value: unknown, fact: Facts, around: Around): readonly Mount[] =>
  (Array.isArray(value) ? value : []).flatMap((each: unknown, at) =>
    readVolume(each, ['volumes', at], fact('volumes', at), around),
  )

function readVolume(
  volume: unknown,
  written: Path,
  fact: Fact,
  { names, problems }: Around,
): readonly Mount[] {
  const long = isPlain(volume) ? volume : shortVolume(String(volume))
  const { type, source, target, read_only: isReadOnly = false, ...rest } = long
  const isHost = type === 'bind' || (typeof source === 'string' && source.startsWith('/'))
  if (
    typeof source !== 'string' ||
    typeof target !== 'string' ||
    !target.startsWith('/') ||
    typeof isReadOnly !== 'boolean' ||
    (type !== undefined && type !== (isHost ? 'bind' : 'volume')) ||
    Object.keys(rest).length > 0
  ) {
    problems.push(
      fragmentShape('A volume', 'like   data:/var/lib/data   or   data:/var/lib/data:ro', fact),
    )
    return []
  }
  // A path that is not the same on every machine cannot be granted.
  if (!/^\/[\w./@-]+$/.test(source) || /(^|\/)\.\.?(\/|$)/.test(source)) {
    if (isHost || /^[./~$]/.test(source)) {
      problems.push(
        notGranted(`a folder of the host, ${source}`, fact, [
          'Use a volume of the fragment, or a config for a file of the plugin.',
        ]),
      )
      return []
    }
    if (!names.volumes.includes(source)) {
      problems.push(missingService(source, 'volume', fact, nearest(source, names.volumes)))
      return []
    }
  }
  return [{ kind: isHost ? 'host' : 'volume', source, target, isReadOnly, written }]
}

function shortVolume(text: string): Readonly<Record<string, unknown>> {
  const [source, target, mode = 'rw', ...rest] = text.split(':')
  const isKnown = (mode === 'ro' || mode === 'rw') && rest.length === 0
  // A mode that is not known may not be taken for "read and write".
  return isKnown ? { source, target, read_only: mode === 'ro' } : {}
}

/** The configs or secrets of a service, short and long: name of the fragment → where it stands in the container. */
export function readFiles(
  kind: 'configs' | 'secrets',
  value: unknown,
  fact: Facts,
  { names, problems }: Around,
): readonly { readonly source: string; readonly target: string; readonly written: Path }[] {
  return (Array.isArray(value) ? value : []).flatMap((each: unknown, at) => {
    const here = fact(kind, at)
    const long = isPlain(each) ? each : { source: each }
    const { source, target, ...rest } = long
    if (
      typeof source !== 'string' ||
      (target !== undefined && (typeof target !== 'string' || target === '')) ||
      Object.keys(rest).length > 0
    ) {
      const example = kind === 'configs' ? '/etc/settings.conf' : 'key.pem'
      problems.push(
        fragmentShape(
          `One of the ${kind}`,
          `a name, or   { source: name, target: ${example} }`,
          here,
        ),
      )
      return []
    }
    if (!names[kind].includes(source)) {
      problems.push(missingService(source, kind.slice(0, -1), here, nearest(source, names[kind])))
      return []
    }
    const otherwise = kind === 'configs' ? `/${source}` : source
    return [{ source, target: target ?? otherwise, written: [kind, at] }]
  })
}
