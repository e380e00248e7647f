/** Images that core's own services run in; the reference is what the lock names. */
export const databaseImage = 'postgres:18-alpine'
export const proxyImages = { caddy: 'caddy:2-alpine', nginx: 'nginx:1-alpine' } as const

/** Those that a distribution with this proxy has, sorted. */
export const coreImages = (proxy: 'caddy' | 'nginx' | 'none'): readonly string[] =>
  [...(proxy === 'none' ? [] : [proxyImages[proxy]]), databaseImage].toSorted()
