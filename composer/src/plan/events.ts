import { coreEventNames } from '@bitcartcc/sdk/names'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { Plan } from '../model/plan.ts'
import type { Release } from '../model/release.ts'
import { nearest } from '../read/nearest.ts'
import { unknownEvent } from './problems.ts'

const eventsOf = (releases: readonly Release[]): readonly string[] => [
  ...coreEventNames,
  ...releases.flatMap(({ name, manifest }) =>
    Object.keys(manifest.emits ?? {}).map((event) => `${name}.${event}`),
  ),
]

/** Listeners of all plugins; one that is optional goes where its event is not emitted here. */
export function planListeners(releases: readonly Release[]): Plan['listeners'] {
  const known = new Set(eventsOf(releases))
  return releases.flatMap(({ name: plugin, manifest }) =>
    (manifest.contributes['worker.events'] ?? [])
      .filter(({ event }) => known.has(event))
      .map(({ event, run }) => ({ plugin, event, file: run }))
      .toSorted((a, b) => (`${a.event} ${a.file}` < `${b.event} ${b.file}` ? -1 : 1)),
  )
}

/** Listeners that would wait for ever. */
export function eventProblems(releases: readonly Release[]): readonly Problem[] {
  const known = eventsOf(releases)
  return releases.flatMap((release) =>
    (release.manifest.contributes['worker.events'] ?? []).flatMap(({ event, optional }, at) =>
      known.includes(event) || optional
        ? []
        : [
            unknownEvent(
              release,
              event,
              ['contributes', 'worker.events', at, 'event'],
              nearest(event, known),
            ),
          ],
    ),
  )
}
