import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runFolder } from './once.ts'

/**
 * Who of this run uses the machine's network, and how: a browser breaks off all its requests when an interface comes or goes,
 * as with every container. So browsers are open together, and containers come and go while none is.
 */
const places = { browsers: 'network/browsers', containers: 'network/containers' }
type Kind = keyof typeof places

/** What a process does among its own containers is its own business. */
let isAmongContainers = false
let taken = 0

/** Waits until no test file changes interfaces; gives how to say that the browser is closed. */
export async function whileBrowsing(): Promise<() => Promise<void>> {
  return isAmongContainers ? async () => undefined : take('browsers', 'containers')
}

/** Waits until no test file has a browser open; gives how to say that the interfaces stay as they are from now on. */
export async function whileContainersChange(): Promise<() => Promise<void>> {
  const release = await take('containers', 'browsers')
  isAmongContainers = true
  return async () => {
    isAmongContainers = false
    await release()
  }
}

async function take(kind: Kind, other: Kind): Promise<() => Promise<void>> {
  const folder = (each: Kind) => join(runFolder(), places[each])
  const own = join(folder(kind), `${process.pid}-${(taken += 1)}`)
  await mkdir(folder(other), { recursive: true })
  for (;;) {
    await mkdir(own, { recursive: true })
    if ((await readdir(folder(other))).length === 0) return () => rm(own, { recursive: true })
    // Containers keep their place in the queue, or another browser would come before them each time.
    if (kind === 'browsers') await rm(own, { recursive: true })
    await delay(200)
  }
}
