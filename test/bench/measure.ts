import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

export interface Cost {
  readonly wallSeconds: number
  /** User and system time of the whole tree of processes. */
  readonly cpuSeconds: number
  /** Peak resident memory of the largest process, as last seen before it ended; Linux only, else 0. */
  readonly peakBytes: number
}

/** Runs a program to its end and gives what it cost, its children's cost included. */
export async function measure(
  program: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Cost> {
  // The shell knows the processor time of all that it waited for; Node cannot ask.
  const shell = spawn(
    '/bin/sh',
    ['-c', '"$@" >/dev/null; s=$?; times; exit $s', 'sh', ...program],
    {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const began = performance.now()
  let output = ''
  let problems = ''
  shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  shell.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()))
  const watched = new AbortController()
  const peak = watch(shell.pid ?? 0, watched.signal)
  const status = await new Promise<number | null>((resolve) => shell.once('close', resolve))
  const wallSeconds = (performance.now() - began) / 1000
  watched.abort()
  if (status !== 0) throw new Error(`${program.join(' ')} ended with ${status}\n${problems}`)
  return { wallSeconds, cpuSeconds: cpuSeconds(output), peakBytes: await peak }
}

/** The second line of `times` is the children's: `1m2.50s 0m0.30s`. */
function cpuSeconds(times: string): number {
  const children = times.trim().split('\n').at(-1) ?? ''
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)]
    .map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds))
    .reduce((a, b) => a + b, 0)
}

async function watch(pid: number, signal: AbortSignal): Promise<number> {
  let peak = 0
  while (!signal.aborted) {
    for (const one of await tree(pid)) peak = Math.max(peak, await memoryOf(one, 'VmHWM'))
    await delay(50)
  }
  return peak
}

/** Whoever starts a process does so from its first thread: asking all of them takes as long as what is measured. */
async function tree(pid: number): Promise<readonly number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const children = list.split(' ').filter(Boolean).map(Number)
  return [pid, ...(await Promise.all(children.map(tree))).flat()]
}

/** Resident memory of one process in bytes: at its highest (`VmHWM`) or now (`VmRSS`). */
export async function memoryOf(pid: number, field: 'VmHWM' | 'VmRSS'): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) * 1024
}
