import { execFile } from 'node:child_process'
import { compiledCodeFolder } from '../cache/compiled-code.ts'
import { programBeside } from '../house.ts'
import type { CompileAnswer, CompileTask } from './task.ts'

/** A bundler that is loaded already, or will be soon; it does one task. */
export interface Bundler {
  /** Throws where it breaks off; mistakes of plugins are part of its answer. */
  run(task: CompileTask): Promise<CompileAnswer>
  /** There is no task: it ends, and gives its memory back. */
  stop(): void
}

/** For one task, not for the wait until there is one: a plan may fetch much. */
const longestMs = 300_000

/** What dies young dies early: 80 MB less, and no slower. */
const leanHeap = ['--max-semi-space-size=4']

/** The bundler's own allocator keeps what it once had, and takes more than it needs: 270 MB of 690. */
const leanBundler = { MIMALLOC_ARENA_EAGER_COMMIT: '0', MIMALLOC_PURGE_DELAY: '0' }

/**
 * Starts the bundler in a process of its own, which loads while the plan is made, and waits for its task.
 *
 * `signal` ends it, with a task or without one; so does the end of this process.
 */
export function startBundler(signal: AbortSignal): Bundler {
  // Not by a library: loading one would be a seventh of the time that the bundler takes to load.
  const done = Promise.withResolvers<string>()
  const child = execFile(
    process.execPath,
    [...leanHeap, programBeside(import.meta.filename, 'vite-child')],
    {
      // NODE_ENV decides between development and production inside Vue and others; it must be the same in every build.
      env: {
        ...process.env,
        NODE_ENV: 'production',
        ...(compiledCodeFolder === undefined ? {} : { NODE_COMPILE_CACHE: compiledCodeFolder }),
        ...leanBundler,
      },
      maxBuffer: 64_000_000,
      signal,
    },
    (error, stdout, stderr) => {
      if (error)
        done.reject(
          new Error(
            `the bundler ended with ${error.code ?? error.signal}: ${stderr.slice(0, 4000)}`,
          ),
        )
      else done.resolve(stdout)
    },
  )
  done.promise.catch(() => undefined) // Heard by whoever gives it a task.
  child.stdin?.on('error', () => undefined) // It ended before it was told.
  return {
    async run(task) {
      const tooLong = setTimeout(() => child.kill('SIGKILL'), longestMs)
      child.stdin?.end(JSON.stringify(task))
      try {
        return JSON.parse(await done.promise) as CompileAnswer // the child's own words
      } finally {
        clearTimeout(tooLong)
      }
    },
    stop: () => void child.stdin?.end(),
  }
}
