import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

const composer = join(import.meta.dirname, '../../composer/package.json')
const manifest = createRequire(composer).resolve('typescript-native/package.json')

/** What the compiler that checks plugins says of a project, a line for each error; nothing where there is none. */
export async function typeErrors(project: string): Promise<string> {
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly bin: { tsc: string } } // typescript's own
  const compiler = join(dirname(manifest), bin.tsc)
  const args = ['-p', project, '--noEmit', '--pretty', 'false', '--singleThreaded']
  const run = await execa(process.execPath, [compiler, ...args], { all: true, reject: false })
  // One that is killed has nothing to say.
  return run.failed ? run.all || String(run.message) : ''
}
