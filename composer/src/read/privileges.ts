import type { Path } from './yaml-file.ts'

/** A right that reaches past the shop into the machine, and where a fragment asks for it. */
export interface AskedPrivilege {
  /** As a selection grants it: `docker-socket`, `host-path:/srv/data`, `capability:NET_ADMIN`. */
  readonly privilege: string
  readonly path: Path
}

/** What a selection may grant; the text after the colon is what the fragment says. */
export const privilegePattern =
  '^(privileged|docker-socket|host-network|host-pid|host-ipc|host-path:/.*|device:/dev/.*|capability:[A-Z_]+|security-opt:.+|external-network:.+|external-volume:.+)$'

type Table = Readonly<Record<string, unknown>>
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** All that a fragment asks for, as plain data, whatever else is wrong with it. */
export function askedPrivileges(fragment: unknown): readonly AskedPrivilege[] {
  const top = isTable(fragment) ? fragment : {}
  const services = isTable(top['services']) ? top['services'] : {}
  return [
    ...Object.entries(services).flatMap(([name, service]) =>
      isTable(service)
        ? ofService(service).map(({ privilege, path }) => ({
            privilege,
            path: ['services', name, ...path],
          }))
        : [],
    ),
    ...(['networks', 'volumes'] as const).flatMap((kind) =>
      Object.entries(isTable(top[kind]) ? top[kind] : {}).flatMap(([name, options]) =>
        isTable(options) && options['external'] === true
          ? [
              {
                privilege: `external-${kind.slice(0, -1)}:${textOr(options['name'], name)}`,
                path: [kind, name],
              },
            ]
          : [],
      ),
    ),
  ]
}

const textOr = (value: unknown, otherwise: string) =>
  typeof value === 'string' ? value : otherwise

function ofService(service: Table): readonly AskedPrivilege[] {
  const host = { network_mode: 'host-network', pid: 'host-pid', ipc: 'host-ipc' } as const
  return [
    ...(service['privileged'] === true ? [{ privilege: 'privileged', path: ['privileged'] }] : []),
    ...Object.entries(host).flatMap(([key, privilege]) =>
      service[key] === 'host' ? [{ privilege, path: [key] }] : [],
    ),
    ...listOf(service['cap_add']).map((each, at) => ({
      privilege: `capability:${String(each).replace(/^CAP_/, '')}`,
      path: ['cap_add', at],
    })),
    ...listOf(service['devices']).map((each, at) => ({
      privilege: `device:${String(each).split(':')[0] ?? ''}`,
      path: ['devices', at],
    })),
    ...listOf(service['security_opt']).flatMap((each, at) =>
      /^no-new-privileges(:true)?$/.test(String(each))
        ? []
        : [{ privilege: `security-opt:${String(each)}`, path: ['security_opt', at] }],
    ),
    ...listOf(service['volumes']).flatMap((each, at) => {
      const source = isTable(each) ? each['source'] : String(each).split(':')[0]
      if (typeof source !== 'string' || !source.startsWith('/')) return []
      const isSocket = /^\/(var\/)?run\/docker\.sock$/.test(source)
      return [
        { privilege: isSocket ? 'docker-socket' : `host-path:${source}`, path: ['volumes', at] },
      ]
    }),
  ]
}
