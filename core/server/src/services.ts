import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { RunningService } from '@bitcartcc/api'
import type { Distribution, User } from '@bitcartcc/sdk/resources'
import type { Log } from '@bitcartcc/sdk/server'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import { serviceUser } from './service-tokens.ts'

type Service = Distribution['services'][number]

/** The services of this distribution that are Node programs, as child processes of the one process of embedded mode. */
export interface Services {
  readonly running: readonly RunningService[]
  /** Token given to a service → the user it acts as: its plugin's permissions, nothing else. */
  readonly tokens: ReadonlyMap<string, User>
  /** Starts them; they learn where the API is. */
  start(apiUrl: string): void
  stop(): Promise<void>
}

interface ServiceOptions {
  readonly folder: string
  readonly services: readonly Service[]
  readonly plugins: readonly PluginFacts[]
  readonly log: Log
}

/** Code that a service begins with: a server that is killed cannot stop its services, so they watch for its end. */
const endWithParent = `data:text/javascript,${encodeURIComponent(
  "process.once('disconnect', () => process.exit()); process.channel?.unref()",
)}`

const restartAfterMs = (failures: number) => Math.min(30_000, 250 * 2 ** failures)

/** Prepares the services; nothing runs before `start`. Those with a foreign image need Docker and are left out with a word. */
export function prepareServices({ folder, services, plugins, log }: ServiceOptions): Services {
  const permission = (process as { permission?: { has(scope: string): boolean } }).permission // Node's permission model, absent unless it is on
  const mayRun = permission === undefined || permission.has('child')
  const ours = services.filter((service) => service.entry !== null)
  for (const service of services)
    if (service.entry === null)
      log.warn('this service needs Docker and was left out', { service: service.name })
  if (!mayRun && ours.length > 0)
    log.warn('services were left out: this process may not start others')
  const children = (mayRun ? ours : []).map((service) => new Child(service, folder, log))
  const tokens = new Map(
    children.map((child) => [child.token, serviceUser(child.service, plugins)]),
  )
  return {
    running: ours.map((service) => {
      const child = children.find((each) => each.service === service)
      return { service, port: () => child?.port }
    }),
    tokens,
    start: (apiUrl) => {
      for (const child of children) void child.run(apiUrl)
    },
    stop: async () => {
      await Promise.all(children.map((child) => child.stop()))
    },
  }
}

/** One child process, started again when it ends. */
class Child {
  readonly service: Service
  readonly token = randomBytes(24).toString('base64url')
  port: number | undefined
  readonly #folder: string
  readonly #log: Log
  #process: ChildProcess | undefined
  #isStopping = false
  #failures = 0

  constructor(service: Service, folder: string, log: Log) {
    this.service = service
    this.#folder = folder
    this.#log = log
  }

  async run(apiUrl: string): Promise<void> {
    const port = await freePort()
    if (this.#isStopping) return
    const startedAt = performance.now()
    const entry = join(this.#folder, this.service.entry ?? '')
    const child = spawn(process.execPath, ['--import', endWithParent, entry], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        NODE_ENV: 'production',
        PORT: String(port),
        HOST: '127.0.0.1',
        BITCARTCC_API_URL: apiUrl,
        BITCARTCC_TOKEN: this.token,
        BITCARTCC_PATH_PREFIX: this.service.path ?? '',
      },
    })
    this.#process = child
    this.port = port
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) =>
        this.#log.info('service says', {
          service: this.service.name,
          text: data.toString('utf8').trimEnd().slice(0, 2000),
        }),
      )
    child.once('error', (error) =>
      this.#log.error('service could not be started', {
        service: this.service.name,
        error: error.message,
      }),
    )
    child.once('close', (code) => {
      this.port = undefined
      if (this.#isStopping) return
      this.#failures = performance.now() - startedAt > 60_000 ? 0 : this.#failures + 1
      this.#log.warn('service ended and is started again', { service: this.service.name, code })
      setTimeout(() => void this.run(apiUrl), restartAfterMs(this.#failures)).unref()
    })
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    await new Promise<void>((done) => {
      const force = setTimeout(() => child.kill('SIGKILL'), 5000)
      child.once('close', () => {
        clearTimeout(force)
        done()
      })
      child.kill('SIGTERM')
    })
  }
}

const freePort = () =>
  new Promise<number>((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address
          ? done(address.port)
          : fail(new Error('no free port')),
      )
    })
  })
