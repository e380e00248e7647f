import { readFileSync } from 'node:fs'

/**
 * When a process began, in ticks since its machine did; empty where the system does not tell.
 *
 * A pid alone names nobody: its number is given again, a thread may bear it, and a container's program is always 1.
 */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** Whether the process that began then under this pid still runs; `start` may be empty where it was not known. */
export function isRunning(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false // process.kill throws errno errors
  }
  const now = processStart(pid)
  return start === '' || now === '' || now === start
}
