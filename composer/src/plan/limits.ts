import { tableOf, type Sourced, type Table } from './sourced.ts'

const shortForms = [
  ['memory', 'mem_limit'],
  ['cpus', 'cpus'],
] as const

/**
 * Gives the merged document with the limits of services in a form that both editions of docker-compose take.
 *
 * The second one refuses `pids_limit` beside limits under `deploy` that do not say the same, and the first one refuses
 * `pids` among those: a service that has a `pids_limit` says its other limits in their short forms, too.
 */
export function withLimits(document: Sourced): Sourced {
  const services = document.kind === 'table' ? document.entries.get('services') : undefined
  if (document.kind !== 'table' || services?.kind !== 'table') return document
  const written = [...services.entries].map(
    ([name, service]) =>
      [
        name,
        service.kind === 'table' && service.entries.has('pids_limit') ? inShort(service) : service,
      ] as const,
  )
  return tableOf([...document.entries, ['services', tableOf(written)]])
}

function inShort(service: Table): Table {
  const { deploy, ...others } = Object.fromEntries(service.entries)
  const resources = deploy?.kind === 'table' ? deploy.entries.get('resources') : undefined
  const limits = resources?.kind === 'table' ? resources.entries.get('limits') : undefined
  if (limits?.kind !== 'table') return service
  const short = shortForms.flatMap(([long, key]) => {
    const value = limits.entries.get(long)
    return value === undefined ? [] : [[key, value] as const]
  })
  return tableOf([...Object.entries(others), ...short])
}
