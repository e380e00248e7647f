/** A service that core gives once to all plugins that ask for it under `needs`. One more is a row of the table below. */
export interface Infrastructure {
  /** Newest first; the first that lies in every range is taken. */
  readonly versions: readonly { readonly version: string; readonly image: string }[]
  readonly port: number
  /** Of its address, as programs take it: `redis` of `redis://redis:6379`. */
  readonly scheme: string
  /** Says inside of the container that it answers. */
  readonly healthcheck: readonly string[]
  /** Where it stores what outlives its container. */
  readonly dataFolder?: string
}

export const infrastructure: Readonly<Record<string, Infrastructure>> = {
  memcached: {
    versions: [{ version: '1.6.0', image: 'memcached:1.6-alpine' }],
    port: 11_211,
    scheme: 'memcached',
    healthcheck: ['CMD-SHELL', 'echo version | nc -w 1 127.0.0.1 11211 | grep -q VERSION'],
  },
  redis: {
    versions: [
      { version: '8.2.0', image: 'redis:8.2-alpine' },
      { version: '7.4.0', image: 'redis:7.4-alpine' },
      { version: '7.2.0', image: 'redis:7.2-alpine' },
    ],
    port: 6379,
    scheme: 'redis',
    healthcheck: ['CMD', 'redis-cli', 'ping'],
    dataFolder: '/data',
  },
  valkey: {
    versions: [
      { version: '8.1.0', image: 'valkey/valkey:8.1-alpine' },
      { version: '7.2.0', image: 'valkey/valkey:7.2-alpine' },
    ],
    port: 6379,
    scheme: 'redis',
    healthcheck: ['CMD', 'valkey-cli', 'ping'],
    dataFolder: '/data',
  },
}

/** By name; undefined where core has none of it. */
export const infrastructureNamed = (name: string): Infrastructure | undefined =>
  Object.hasOwn(infrastructure, name) ? infrastructure[name] : undefined
