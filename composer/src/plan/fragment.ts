import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fact, Problem } from '@bitcartcc/sdk/problem'
import type { LockedPlugin } from '../model/lock.ts'
import { nearest } from '../read/nearest.ts'
import { askedPrivileges } from '../read/privileges.ts'
import { readYaml, type Path } from '../read/yaml-file.ts'
import { readResources, resourceKinds, type Resource } from './fragment-resources.ts'
import { readService, type FragmentService } from './fragment-service.ts'
import { fragmentShape, noMergeRule, outsideSpecification } from './service-problems.ts'
import { isPlain } from './sourced.ts'
import { departures } from './specification.ts'

/** A plugin's docker-compose fragment in the one form the merge knows. */
export interface Fragment {
  readonly services: readonly FragmentService[]
  readonly resources: readonly Resource[]
  readonly privileges: readonly { readonly privilege: string; readonly fact: Fact }[]
  readonly problems: readonly Problem[]
}

const nothing: Fragment = { services: [], resources: [], privileges: [], problems: [] }

/** Reads a plugin's docker-compose fragment; everything that has no rule is a problem. */
export function readFragment({ release, files }: LockedPlugin, path: string): Fragment {
  const file = path.slice(2)
  if (!files.has(file)) return nothing
  const read = readYaml(
    readFileSync(join(release.folder, file), 'utf8'),
    file,
    'plan/fragment-not-yaml',
  )
  if (!('value' in read)) return { ...nothing, problems: read }
  const owner = `${release.name} ${release.version}`
  // What is told of a place is told of its line.
  const facts: Fact[] = []
  const factAt = (path: Path): Fact => {
    const place = read.at(...path)
    return (facts[place.line] ??= [owner, `${file}:${place.line}`, read.lineOf(place)])
  }
  const fact = (...path: Path) => factAt(path)
  const problems: Problem[] = []
  const top = isPlain(read.value) ? read.value : {}
  const known = ['services', ...resourceKinds]
  for (const key of Object.keys(top))
    if (!known.includes(key)) problems.push(noMergeRule(key, fact(key), nearest(key, known)))
  const from = { fact, fragment: file, files, problems }
  const resources = resourceKinds.flatMap((kind) => readResources(kind, top[kind], from))
  const namesOf = (kind: Resource['kind']) =>
    resources.filter((each) => each.kind === kind).map(({ name }) => name)
  const { services: declared } = release.manifest.contributes
  const { needs = {} } = typeof declared === 'object' ? declared : {}
  const table = isPlain(top['services']) ? top['services'] : {}
  const names = {
    services: Object.keys(table),
    volumes: namesOf('volumes'),
    networks: namesOf('networks'),
    configs: namesOf('configs'),
    secrets: namesOf('secrets'),
  }
  const services = Object.entries(table).flatMap(([name, value]) => {
    if (value === null || isPlain(value))
      return [
        readService(name, value ?? {}, (...path) => factAt(['services', name, ...path]), {
          names,
          ofCore: ['api', ...Object.keys(needs)],
          problems,
        }),
      ]
    problems.push(fragmentShape(`The service ${name}`, 'a mapping', fact('services', name)))
    return []
  })
  const privileges = askedPrivileges(top)
    .map(({ privilege, path: at }) => ({
      privilege,
      fact: fact(...at),
      line: read.at(...at).line,
    }))
    .toSorted((a, b) => a.line - b.line)
  return {
    services,
    resources,
    privileges,
    problems: [...problems, ...unlikeSpecification(top, fact, problems)],
  }
}

/** What the specification's schema has against the fragment, of the lines that were not refused before. */
function unlikeSpecification(
  top: Readonly<Record<string, unknown>>,
  fact: (...path: Path) => Fact,
  before: readonly Problem[],
): readonly Problem[] {
  const told = new Set(before.flatMap(({ facts = [] }) => facts.map(([, place]) => place)))
  // A service may be empty where its manifest names its program.
  const services = isPlain(top['services']) ? top['services'] : {}
  const filled = Object.fromEntries(
    Object.entries(services).map(([name, value]) => [name, value ?? {}]),
  )
  return departures({ ...top, services: filled }).flatMap(({ path, says }) => {
    const here = fact(...path)
    if (told.has(here[1])) return []
    told.add(here[1])
    return [outsideSpecification(path.join('.'), says, here)]
  })
}
