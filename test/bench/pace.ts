import { execa } from 'execa'
import { plainEnv, root } from '../support/compose.ts'

/** What the pace of a machine is told by: reading and compiling one large file, as most of a build is. */
const program = `const began = performance.now()
await import('typescript')
process.stdout.write(String((performance.now() - began) / 1000))`

/**
 * How long a new process takes to load TypeScript, in seconds: the best of five.
 *
 * One machine is twice as fast in one hour as in the next: figures of two hours are compared by what they are to this one.
 */
export async function pace(): Promise<number> {
  let best = Infinity
  for (let run = 0; run < 5; run++) {
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: root,
      env: plainEnv(),
      extendEnv: false,
    })
    best = Math.min(best, Number(stdout))
  }
  return best
}
