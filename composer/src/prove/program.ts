import { spawn, type ChildProcess } from 'node:child_process'
import { noTierUp } from '../cache/wasm.ts'

export interface ProgramOptions {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Folders it may read, and those it may also write. Nothing else: no other files, no programs. */
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  readonly maxHeapMb: number
  /** Machine code of plugins was granted. */
  readonly hasAddons: boolean
  /** Kills it. */
  readonly signal: AbortSignal
}

/** A program of the distribution while it runs, with what it said. */
export interface Program {
  /** Resolves with the first match of the pattern in what it says; undefined when it ended or the time was over. */
  says(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray | undefined>
  output(): string
  readonly isOver: () => boolean
  stop(): Promise<void>
}

/** Code that it begins with: a build that is killed cannot stop what it started, so that watches for the build's end. */
const endWithParent = `data:text/javascript,${encodeURIComponent(
  "process.once('disconnect', () => process.exit()); process.channel?.unref()",
)}`

/** Starts a program of the distribution without rights and without the environment of this process. */
export function startProgram(options: ProgramOptions): Program {
  const { args, cwd, env, reads, writes, maxHeapMb, hasAddons, signal } = options
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${maxHeapMb}`,
      ...noTierUp,
      '--permission',
      ...(hasAddons ? ['--allow-addons'] : []),
      ...[...reads, ...writes].map((folder) => `--allow-fs-read=${folder}`),
      ...writes.map((folder) => `--allow-fs-write=${folder}`),
      `--import=${endWithParent}`,
      ...args,
    ],
    {
      cwd,
      // What Node keeps of the code that it compiles would be thrown away with the data.
      env: { NODE_ENV: 'production', NODE_DISABLE_COMPILE_CACHE: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      signal,
      killSignal: 'SIGKILL',
    },
  )
  let output = ''
  const heard = new Set<() => void>()
  const hear = (data: Buffer | string) => {
    // The beginning and the end tell what happened.
    output = (output + data.toString()).slice(-200_000)
    for (const each of heard) each()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  let isOver = false
  const over = new Promise<void>((resolve) => {
    const end = () => {
      isOver = true
      hear('')
      resolve()
    }
    child.once('error', (error) => {
      hear(`${error.message}\n`)
      end()
    })
    child.once('close', end)
  })
  return {
    output: () => output,
    isOver: () => isOver,
    says: (pattern, timeoutMs) =>
      new Promise((resolve) => {
        const look = () => {
          const found = pattern.exec(output)
          if (found || isOver) done(found ?? undefined)
        }
        const timer = setTimeout(() => done(undefined), timeoutMs)
        const done = (found: RegExpExecArray | undefined) => {
          clearTimeout(timer)
          heard.delete(look)
          resolve(found)
        }
        heard.add(look)
        look()
      }),
    stop: () => stop(child, over, () => isOver),
  }
}

// Its data is thrown away: nothing is owed a slow end.
async function stop(child: ChildProcess, over: Promise<void>, isOver: () => boolean) {
  if (!isOver()) child.kill('SIGKILL')
  await over
}
