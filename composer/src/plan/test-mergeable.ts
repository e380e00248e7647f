import { stringify } from 'yaml'
import type { RandomFragment } from './test-fragments.ts'

type Table = Readonly<Record<string, unknown>>

/** A plugin whose fragment docker-compose can merge as well, and what it would have to be given for that. */
export interface Mergeable extends RandomFragment {
  readonly name: string
  /** The fragment in the names of the merged file. */
  readonly asMerged: Table
}

/**
 * Plugins of which the first opens a service and the others add to it, within what every edition of docker-compose merges
 * alike: keys and values of their own, or the very same.
 */
export function randomMergeable(next: () => number): readonly Mergeable[] {
  const one = <T>(...choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T // there is one
  const all = Array.from({ length: 2 + Math.floor(next() * 4) }, (_, at) => `plugin-${at}`)
  const pairs = (table: Table) =>
    next() < 0.5 ? table : Object.entries(table).map(([key, value]) => `${key}=${String(value)}`)
  const sometimes = (table: Table) =>
    Object.fromEntries(Object.entries(table).filter(() => next() < 0.6))
  // One word of all of them: equal values are one.
  const equal = one('to all', '1', '$$x')
  const opened = (at: number): Table => ({
    environment: pairs({ [`OF_${at}`]: one('a=b', ' c ', ''), EQUAL: equal }),
    labels: pairs({ [`com.example.of-${at}`]: 'yes' }),
    volumes: [
      one<unknown>(
        `data:/of-${at}`,
        `data:/of-${at}:ro`,
        { type: 'volume', source: 'data', target: `/of-${at}` },
        { type: 'volume', source: 'data', target: `/of-${at}`, read_only: true },
      ),
    ],
    networks: one<unknown>(
      ['lan'],
      { lan: { aliases: [`here-${at}`] } },
      { lan: null, default: {} },
    ),
    expose: [one('9000', '9001'), String(9100 + at)],
    secrets: [one<unknown>({ source: 'key', target: `key-${at}` })],
    depends_on: one<unknown>(['aside'], {
      aside: { condition: one('service_started', 'service_healthy') },
    }),
    tmpfs: [`/run-${at}`],
  })
  const main = (): Table => ({
    ...sometimes({
      ...opened(0),
      command: one<unknown>('run --fast', ['run', '--slow', 'a b']),
      entrypoint: one<unknown>('/bin/x y', ['/bin/x']),
      healthcheck: { test: one<unknown>('true', ['CMD', 'true']), interval: '5s', retries: 3 },
      ports: [
        one<unknown>('20000:80', '20000:80/udp', {
          target: 80,
          published: 20_000,
          protocol: 'tcp',
        }),
      ],
      cap_add: ['SYS_TIME', 'NET_ADMIN'],
      cap_drop: one<unknown>(['NET_RAW', 'CHOWN'], ['ALL']),
      security_opt: ['apparmor=unconfined'],
      mem_limit: '128m',
      init: true,
      shm_size: '64m',
      pids_limit: 100,
      ulimits: { nproc: 100, nofile: { soft: 10, hard: 20 } },
      stop_grace_period: '7s',
      hostname: 'main',
      user: one('1000', 'node:node'),
      working_dir: '/srv',
      restart: one('always', 'no', 'on-failure'),
    }),
    image: 'example/main:1.0.0',
  })
  const resources = {
    volumes: { data: one({}, null) },
    networks: { lan: one({}, null, { internal: true }) },
    secrets: { key: { file: './key' } },
  }
  return all.map((name, at) => {
    const services: Table = {
      aside: { image: 'example/aside:1.0.0', ...sometimes({ read_only: true, tty: true }) },
      ...(at === 0 ? { main: main() } : { 'plugin-0-main': sometimes(opened(at)) }),
      ...(at > 0 && next() < 0.5 ? { api: sometimes({ volumes: [`data:/${name}`] }) } : {}),
    }
    const patches = Object.keys(services).filter((each) => ['plugin-0-main', 'api'].includes(each))
    const whole = { services, ...resources }
    return {
      name,
      fragment: stringify(whole),
      asMerged: inMergedNames(whole, name, patches),
      services: {
        fragment: './services/docker-compose.yml',
        ...(at === 0 ? { opens: { main: opens } } : {}),
        ...(patches.length > 0
          ? { patches: Object.fromEntries(patches.map((each) => [each, 'required'])) }
          : {}),
      },
      grants: {
        ports: { main: 20_000 },
        privileges: [
          'capability:NET_ADMIN',
          'capability:SYS_TIME',
          'security-opt:apparmor=unconfined',
        ],
      },
    }
  })
}

const opens = {
  environment: 'same',
  labels: 'same',
  volumes: 'union',
  networks: 'union',
  expose: 'union',
  secrets: 'union',
  depends_on: 'same',
  tmpfs: 'union',
}

/** What a plugin would write if it knew what its own things are called in the end; apart from how compose does it. */
function inMergedNames(whole: Table, plugin: string, patches: readonly string[]): Table {
  const named = (name: string) =>
    name === 'default' ? plugin : name === 'api' ? name : `${plugin}-${name}`
  const renamed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map((each: unknown) => (typeof each === 'string' ? named(each) : renamed(each)))
      : Object.fromEntries(Object.entries(value as Table).map(([key, each]) => [named(key), each])) // a mapping else
  const source = (value: unknown): unknown =>
    typeof value === 'string'
      ? named(value)
      : { ...(value as Table), source: named((value as { source: string }).source) } // long forms say one
  const service = (value: Table): Table =>
    Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'depends_on' || key === 'networks'
          ? renamed(inner)
          : key === 'volumes' || key === 'secrets'
            ? (inner as unknown[]).map(source) // lists, above
            : inner,
      ]),
    )
  const { services, volumes, networks } = whole as Readonly<Record<string, Table>> // above
  return {
    services: Object.fromEntries(
      Object.entries(services ?? {}).map(([name, value]) => [
        patches.includes(name) ? name : named(name),
        service(value as Table), // each of them
      ]),
    ),
    volumes: renamed(volumes),
    networks: renamed(networks),
    secrets: { [named('key')]: { file: `./fragments/${plugin}/services/key` } },
  }
}
