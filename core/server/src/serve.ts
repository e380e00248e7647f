import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createDomain } from '@bitcartcc/domain'
import { openDatabase } from '@bitcartcc/domain/database'
import { checkReady, migrate } from '@bitcartcc/domain/migrator'
import { refuseUnfitKey } from '@bitcartcc/domain/secret-key'
import { Refused } from '@bitcartcc/sdk/problem'
import type { Log } from '@bitcartcc/sdk/server'
import type { ServerWiring } from '@bitcartcc/sdk/wiring'
import type { Environment } from './environment.ts'
import type { DistributionFolder } from './folder.ts'
import { demandAddress, listenRefusal } from './listening.ts'
import { exportsIn } from './migrate.ts'
import { givenTokens } from './service-tokens.ts'
import { prepareServices } from './services.ts'

export interface ServeCommand {
  readonly wiring: ServerWiring
  readonly from: DistributionFolder
  readonly environment: Environment
  readonly log: Log
  readonly parts: { readonly api: boolean; readonly worker: boolean }
  /** Resolves when the process is asked to end. */
  readonly untilStopped: Promise<string>
}

/**
 * How long an api that is told to end still answers, so that no request of a proxy is lost.
 *
 * Longer than the proxy that we generate keeps a connection without a request, which it then cannot send one more on.
 */
const drainMs = 3000

/**
 * Runs api, worker, or both in this process, until it is asked to stop.
 *
 * On the embedded database it migrates first; on PostgreSQL it refuses to start while steps are pending.
 */
export async function runServe({
  wiring,
  from,
  environment,
  log,
  parts,
  untilStopped,
}: ServeCommand): Promise<void> {
  // Before the database is opened, and brought to where no older distribution can follow.
  refuseUnfitKey(environment.dataDir, environment.all)
  const given = givenTokens(from.distribution.services, wiring.plugins, environment.all)
  const database = await openDatabase({
    url: environment.databaseUrl,
    dataDir: environment.dataDir,
    embedded: wiring.embedded,
    snapshot: from.emptyDatabase,
  })
  const closing: (() => Promise<unknown>)[] = [() => database.close()]
  try {
    if (parts.api) await demandAddress(environment)
    if (database.kind === 'embedded')
      await migrate(database.pool, from.migrations, { log, exportsFolder: exportsIn(environment) })
    else {
      const problems = await checkReady(database.pool, from.migrations, log)
      if (problems.length > 0) throw new Refused(problems)
    }
    const { distribution } = from
    const domain = await createDomain({
      database,
      wiring,
      distribution,
      env: environment.all,
      dataDir: environment.dataDir,
      log,
    })
    closing.push(() => domain.close())
    if (parts.api) closing.push(await startApi())
    if (parts.worker) {
      const { startWorker } = await import('@bitcartcc/worker')
      await startWorker({ wiring, domain, log })
    }
    // Else Node writes it down at the end, and one that is killed has none.
    flushCompileCache()
    log.info('stopping', { signal: await untilStopped })

    async function startApi(): Promise<() => Promise<void>> {
      const { createApi } = await import('@bitcartcc/api')
      // Where a proxy and containers stand around, they run the services.
      const isAlone = parts.worker
      const services = prepareServices({
        folder: from.folder,
        services: isAlone ? distribution.services : [],
        plugins: wiring.plugins,
        log,
      })
      const app = await createApi({
        wiring,
        domain,
        distribution,
        log,
        ...(environment.trustedProxies === undefined
          ? {}
          : { trustProxy: environment.trustedProxies }),
        compiled: await from.compiled(),
        publicFolder: join(from.folder, 'public'),
        services: services.running,
        ...(isAlone ? {} : { drained: () => delay(drainMs) }),
        serviceTokens: isAlone ? services.tokens : given,
      })
      try {
        await app.listen({ port: environment.port, host: environment.host })
      } catch (error) {
        throw listenRefusal(error, environment)
      }
      const address = app.server.address()
      const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : environment.port}`
      log.info('listening', { url })
      services.start(url)
      return async () => {
        await services.stop()
        await app.close()
      }
    }
  } finally {
    for (const close of closing.toReversed()) await close()
  }
}
