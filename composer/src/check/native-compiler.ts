import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface CompilerOutput {
  readonly status: number
  readonly text: string
}

/**
 * Checks a project with the native TypeScript compiler, and gives what it printed; writes nothing.
 *
 * One checker: each further one instantiates the same types again, which costs more than it saves here.
 */
export async function nativeCompiler(project: string, cwd: string): Promise<CompilerOutput> {
  const program = await programFile()
  const args = ['-p', project, '--pretty', 'false', '--checkers', '1']
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { cwd, env: {}, maxBuffer: 64_000_000, timeout: 300_000 },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error)
        else resolve({ status: error ? Number(error.code) : 0, text: stdout + stderr })
      },
    )
  })
}

/** The binary for this machine, found by the package itself. */
async function programFile(): Promise<string> {
  const folder = dirname(createRequire(import.meta.url).resolve('typescript-native/package.json'))
  const module = (await import(pathToFileURL(join(folder, 'lib/getExePath.js')).href)) as {
    default: () => string
  } // its .d.ts says so; it is outside its exports
  return module.default()
}
