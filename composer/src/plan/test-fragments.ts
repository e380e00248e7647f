import { stringify } from 'yaml'

export interface RandomFragment {
  readonly fragment: string
  /** `contributes.services` of its manifest. */
  readonly services: object
  readonly grants: object
}

/** A fragment that is right, in forms chosen at random: short and long, mapping and list. */
export function randomFragment(name: string, number: number, next: () => number): RandomFragment {
  const one = (...choices: readonly unknown[]): unknown =>
    choices[Math.floor(next() * choices.length)]
  const some = <T>(of: readonly T[]): readonly T[] => of.filter(() => next() < 0.5)
  const pairs = (table: Readonly<Record<string, unknown>>) =>
    next() < 0.5 ? table : Object.entries(table).map(([key, value]) => `${key}=${String(value)}`)
  const port = 20_000 + number
  const service = (at: number): Record<string, unknown> => {
    const all: Record<string, unknown> = {
      environment: pairs({ LEVEL: one('info', 'debug'), [`ONLY_${number}`]: '$${kept}' }),
      labels: pairs({ 'com.example.of': name, plain: 'yes' }),
      ports: [
        one(`${port}:80`, `${port}:80/udp`, { target: 80, published: port }),
        ...some([`${port + 1000}:443`]),
      ],
      volumes: [
        one('data:/data', 'data:/data:ro', { type: 'volume', source: 'data', target: '/data' }),
      ],
      depends_on: at === 0 ? ['api'] : one(['main'], { main: { condition: 'service_healthy' } }),
      cap_drop: some(['NET_RAW', 'CHOWN', 'ALL']),
      networks: one(['lan'], { lan: { aliases: ['here'] }, default: {} }),
      configs: one(['conf'], [{ source: 'conf', target: '/etc/conf' }]),
      secrets: one(['key'], [{ source: 'key', target: 'key.pem' }]),
      cap_add: ['NET_ADMIN'],
      privileged: true,
      expose: ['9000', '80'],
      tmpfs: one('/run', ['/run', '/cache']),
      command: one('run --fast', ['run', '--slow']),
      mem_limit: '128m',
      cpus: 0.5,
      read_only: true,
      restart: one('always', 'no'),
      healthcheck: { test: ['CMD', 'true'], interval: '5s' },
    }
    if (at > 0) delete all['ports']
    return Object.fromEntries([
      ['image', `example/${name}:1.0.0`],
      ...Object.entries(all).filter(() => next() < 0.6),
    ])
  }
  const services = { main: service(0), ...(next() < 0.5 ? { side: service(1) } : {}) }
  const patch = {
    environment: { LIST: name, EQUAL: 'to all', [`OF_${number}`]: 'x' },
    networks: ['lan'],
    mem_limit: one('1m', '64m', '1g'),
    volumes: [`data:/of-${number}`],
  }
  const isOwner = number === 0
  return {
    fragment: stringify({
      services: {
        ...services,
        ...(isOwner ? {} : { 'plugin-0-main': patch, api: { volumes: [`data:/${name}`] } }),
      },
      volumes: { data: {} },
      networks: { lan: one({}, null, { internal: true }) },
      configs: { conf: { file: './conf' } },
      secrets: { key: { file: 'key' } },
    }),
    services: {
      fragment: './services/docker-compose.yml',
      needs: { redis: one('^7.2.0', '7', '*'), [String(one('memcached', 'valkey'))]: '*' },
      ...(isOwner
        ? {
            opens: {
              main: {
                environment: 'same',
                'environment.LIST': 'join',
                networks: 'union',
                volumes: 'union',
                'deploy.resources.limits.memory': 'max',
              },
            },
          }
        : { patches: { 'plugin-0-main': 'required', api: 'optional' } }),
    },
    grants: {
      ports: { main: { 80: port, 443: port + 1000 } },
      privileges: ['privileged', 'capability:NET_ADMIN'],
    },
  }
}
