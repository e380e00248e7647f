import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { constants, setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface CompilerOutput {
  readonly status: number
  readonly text: string
}

/** A process that lives for a second gives nothing back: collecting garbage takes a third of its time, and saves 25 of 275 MB. */
const leanRuntime = { GOGC: 'off', GOMEMLIMIT: '600MiB' }

/**
 * Checks a project with the native TypeScript compiler, and gives what it printed.
 *
 * One checker, one thread: each further checker instantiates the same types again, and both cores have other work. What it
 * learned of each file it writes to `notes`, a file, and believes what it finds there as far as the files have the same bytes.
 */
export async function nativeCompiler(
  project: string,
  cwd: string,
  notes: string,
): Promise<CompilerOutput> {
  const program = await programFile
  const args = ['-p', project, '--pretty', 'false', '--singleThreaded']
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args, '--incremental', '--tsBuildInfoFile', notes],
      { cwd, env: leanRuntime, maxBuffer: 64_000_000, timeout: 300_000 },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error)
        else resolve({ status: error ? Number(error.code) : 0, text: stdout + stderr })
      },
    )
    giveWay(child.pid)
  })
}

/** The bundler goes first, where they want the same core: the server is started on what it makes, and that takes longest. */
function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It is over already, or this system lets nobody.
  }
}

/** The binary for this machine, found by the package itself. */
const programFile = findProgram()
programFile.catch(() => undefined) // Whoever awaits it hears of it.

async function findProgram(): Promise<string> {
  const folder = dirname(createRequire(import.meta.url).resolve('typescript-native/package.json'))
  const module = (await import(pathToFileURL(join(folder, 'lib/getExePath.js')).href)) as {
    default: () => string
  } // its .d.ts says so; it is outside its exports
  return module.default()
}
