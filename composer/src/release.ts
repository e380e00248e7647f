import { rmSync } from 'node:fs'
import { resolve } from 'node:path'

// `node src/release.ts FOLDER`: makes what every distribution of this core begins with, for the composer that is about to be
// published, so that nobody's first build has to.
const [, , named] = process.argv
if (named === undefined) throw new Error('usage: node src/release.ts FOLDER, which is emptied')
const folder = resolve(named)
rmSync(folder, { recursive: true, force: true })
// As a build has it; Vue and its compiler read it where they are loaded.
process.env['NODE_ENV'] = 'production'
const { openCache } = await import('./cache/cache.ts')
const { releaseKitTypes } = await import('./check/vue-types.ts')
const { releaseCore } = await import('./compile/core-bundle.ts')
const { validatorCode } = await import('./plan/specification-validator.ts')

const cache = openCache(folder)
for (const surface of ['server', 'admin', 'store'] as const) await releaseCore(surface, cache)
await releaseKitTypes(cache)
validatorCode(cache)
