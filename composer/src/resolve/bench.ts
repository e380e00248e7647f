import { resolve } from './index.ts'
import { releasesOf, selectionOf, type Says } from './test-support.ts'

/** Prints how long it takes to choose from 1,000 plugins × 50 versions, seconds: the best of five, and how many are chosen. */
const [plugins, versions] = [1000, 50]
let state = 7
/** From 0 up to `below`; the same row of numbers in every run (Lehmer). */
const next = (below: number): number => {
  state = (state * 48_271) % 2_147_483_647
  return state % below
}

const shop: Record<string, Record<string, Says>> = {}
for (let at = 0; at < plugins; at++) {
  const later = () => at + 1 + next(plugins)
  let needs = [later(), later(), later()]
  const own: Record<string, Says> = {}
  for (let version = 0; version < versions; version++) {
    if (next(10) === 0) needs = Array.from({ length: next(4) }, later)
    const ranges = needs
      .filter((each) => each < plugins)
      .map((each) => [`p${each}`, `>=${1 + next(1 + Math.floor(version / 10))}.0.0`] as const)
    own[`${1 + Math.floor(version / 10)}.${version % 10}.0`] = {
      plugins: Object.fromEntries(ranges),
      core: next(10) === 0 ? '^2.0.0' : '^1.0.0',
    }
  }
  shop[`p${at}`] = own
}
const catalog = { core: { version: '1.0.0' }, releases: releasesOf(shop) }
const asks = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`p${at * 3}`, '*']))
const selection = selectionOf(asks)

let seconds = Infinity
let chosen = 0
for (let run = 0; run < 5; run++) {
  const began = performance.now()
  chosen = resolve(selection, catalog).plugins.length
  seconds = Math.min(seconds, (performance.now() - began) / 1000)
}
process.stdout.write(`${JSON.stringify({ plugins, versions, chosen, seconds })}\n`)
