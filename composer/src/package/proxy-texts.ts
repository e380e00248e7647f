import type { Plan } from '../model/plan.ts'
import { render } from './render.ts'

type Proxied = Pick<Plan, 'name' | 'deployment' | 'services' | 'compose'>

/** The configuration of the proxy, where the stack has one: path → text. */
export function proxyTexts(plan: Proxied): ReadonlyMap<string, string> {
  const file = { caddy: 'proxy/Caddyfile', nginx: 'proxy/nginx.conf', none: undefined }[
    plan.deployment.proxy
  ]
  return new Map(file === undefined ? [] : [[file, render(file, proxyValues(plan))]])
}

function proxyValues({ name, deployment, services, compose }: Proxied) {
  const isMultiDomain = deployment.mode === 'multi-domain'
  const server = `${serverName(compose.document)}:3000`
  const exposed = services
    .filter(({ path }) => path !== undefined)
    .map(({ name: service, plugin, path, port, stripPrefix, auth }) => ({
      name: service,
      plugin,
      path,
      stripPrefix,
      isForStaff: auth === 'admin',
      upstream: `${service}:${port ?? 80}`,
    }))
    // The longest path is asked first.
    .toSorted((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0) || (a.name < b.name ? -1 : 1))
  const site = (host: string, home: string) => ({
    host,
    home,
    server,
    // A browser would keep to TLS for whatever else is tried on a machine without a name.
    isPublic: host.includes('.'),
    services: exposed,
    hasStaffOnly: exposed.some(({ isForStaff }) => isForStaff),
  })
  const { host } = deployment
  return {
    name,
    isMultiDomain,
    hasServices: exposed.length > 0,
    sites: isMultiDomain ? [site(host, ''), site(`admin.${host}`, '/admin')] : [site(host, '')],
  }
}

/** The container that answers for core. */
function serverName(document: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(document['services'] ?? {})
  return ['api', 'server'].find((name) => names.includes(name)) ?? 'api'
}
