/** Images that core's own services run in; the reference is what the lock names. */
export const databaseImage = 'postgres:18-alpine'
export const proxyImages = { caddy: 'caddy:2-alpine', nginx: 'nginx:1-alpine' } as const

/** The image of one of core's services: the selection's, where it names one, with its digest. */
export const coreImage = (
  name: 'database' | 'caddy' | 'nginx',
  chosen: Readonly<Record<string, string>>,
): string => chosen[name] ?? (name === 'database' ? databaseImage : proxyImages[name])

/** Those that a distribution with this proxy and these shared services has, sorted. */
export const coreImages = (
  proxy: 'caddy' | 'nginx' | 'none',
  shared: readonly { readonly image: string }[],
  chosen: Readonly<Record<string, string>>,
): readonly string[] =>
  [
    ...(proxy === 'none' ? [] : [coreImage(proxy, chosen)]),
    coreImage('database', chosen),
    ...shared.map(({ image }) => image),
  ].toSorted()
