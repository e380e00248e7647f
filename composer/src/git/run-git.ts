import { setTimeout as delay } from 'node:timers/promises'

export type GitResult =
  | { readonly isDone: true; readonly bytes: Buffer }
  /** The last line that git told, without addresses that may hold a secret. */
  | { readonly isDone: false; readonly because: string }

const timeoutMs = 120_000
const largestBytes = 512 * 1024 * 1024

/**
 * Runs the machine's own git: it asks nobody anything, runs no hook and no helper of a repository, and speaks only the
 * protocols named here. The operator's own settings, proxies and keys stay in force.
 */
export async function runGit(folder: string, args: readonly string[]): Promise<GitResult> {
  // Few builds run another program here: the others need not load what runs it.
  const { execa } = await import('execa')
  const result = await execa(
    'git',
    ['-c', 'core.hooksPath=/dev/null', '-c', 'protocol.ext.allow=never', ...args],
    {
      cwd: folder,
      env: environment(),
      extendEnv: false,
      reject: false,
      encoding: 'buffer',
      stripFinalNewline: false,
      timeout: timeoutMs,
      maxBuffer: largestBytes,
      stdin: 'ignore',
    },
  )
  if (result.failed) {
    if (result.code === 'ENOENT')
      return { isDone: false, because: 'There is no program git on this machine.' }
    if (result.timedOut)
      return { isDone: false, because: `It did not end within ${timeoutMs / 1000} s.` }
    return { isDone: false, because: reasonIn(Buffer.from(result.stderr).toString('utf8')) }
  }
  return { isDone: true, bytes: Buffer.from(result.stdout) }
}

const tries = 3
/** What git says where the network or the server fails, and may not the next time. */
const passing =
  /Could(n.t| not) resolve|Connection (refused|reset|timed out)|Failed to connect|timed out|early EOF|unexpected disconnect|RPC failed|returned error: 5\d\d|did not end/i

/** The same, up to three times where it was the network that failed. */
export async function runGitAfar(folder: string, args: readonly string[]): Promise<GitResult> {
  for (let at = 1; ; at++) {
    const result = await runGit(folder, args)
    if (result.isDone || at === tries || !passing.test(result.because)) return result
    await delay(250 * at)
  }
}

/** Variables of a surrounding git, in a hook say, would point it at another repository. */
const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
  LC_ALL: 'C',
})

function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const told = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? 'no reason'
  return `git says: ${told.replace(/^(fatal|error): /, '').replaceAll(/\/\/[^/@\s]*@/g, '//')}`
}
