import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder for a whole run: what is dear to build is built in it once, by whoever needs it first. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'compose-test-'))
  process.env['COMPOSE_TEST_FOLDER'] = folder
  // What one test file has compiled, the next one reads.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled')
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
