import crypto from 'node:crypto'

/**
 * Lets time stand still and dice fall alike, for the rest of this process.
 *
 * PostgreSQL writes both into a new cluster: as its identifier, and as a secret for sign-ins over a network, of which an
 * embedded one has none. So every cluster that is made is the same.
 */
export function standStill(): void {
  const now = Date.UTC(2026, 0, 1)
  const RealDate = Date
  globalThis.Date = class extends RealDate {
    constructor(...given: readonly unknown[]) {
      super(...((given.length === 0 ? [now] : given) as [number])) // any of its own overloads
    }
    static override now() {
      return now
    }
  } as DateConstructor // called without new by nobody here
  performance.now = () => 0
  process.hrtime = Object.assign((): [number, number] => [0, 0], { bigint: () => 0n })
  Math.random = () => 0.5
  const fill = <T extends NodeJS.ArrayBufferView>(places: T): T => {
    new Uint8Array(places.buffer, places.byteOffset, places.byteLength).fill(7)
    return places
  }
  Object.assign(crypto, { randomFillSync: fill })
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: fill })
}
