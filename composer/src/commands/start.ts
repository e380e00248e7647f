import { join, resolve } from 'node:path'
import { spawn } from 'node:child_process'
import { shown } from '../views/shown.ts'
import type { RunCommand } from './command.ts'
import { refuse } from './env.ts'
import { distributionFolder } from './distribution-folder.ts'
import { dotEnv, dotEnvText } from './dot-env.ts'

/** `compose start [dist/NAME]`: runs what was built, waits until it is ready, and says where it is and how to sign in. */
export const startCommand: RunCommand = async ({ words, tell }) => {
  const folder = distributionFolder(words[0], 'start')
  refuse(folder, dotEnvText() ?? '', process.env, false)
  const env = { ...dotEnv(), ...process.env }
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(folder, 'server.js'), 'serve'],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let isStopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      isStopping = true
      child.kill(signal)
    })
  let url: string | undefined
  let rest = ''
  child.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const entry = parsed(line)
      if (entry?.msg === 'listening' && url === undefined) {
        url = entry.url
        void greet(entry.url ?? '', env['DATA_DIR'] || './data', tell)
      } else if (entry && (entry.level === 'error' || entry.level === 'warn'))
        tell(
          `  ${entry.level}: ${entry.msg}${entry.error ? ` — ${entry.error.split('\n')[0]}` : ''}\n`,
        )
    }
  })
  tell(`Starting ${shown(folder)} …\n`)
  return new Promise((done) =>
    child.once('close', (code, signal) => {
      if (signal && !isStopping) tell(`The server was ended by ${signal}.\n`)
      done(code ?? (isStopping ? 0 : 1))
    }),
  )
}

async function greet(url: string, dataDir: string, tell: (text: string) => void): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const ready = await fetch(`${url}/health/ready`).catch(() => undefined)
    if (ready?.ok) break
    await new Promise((wait) => setTimeout(wait, 100))
  }
  const asked = await fetch(`${url}/api/session`).catch(() => undefined)
  if (!asked) return // it was ended meanwhile: how is told where it ends
  const session = (await asked.json()) as { needsSetup: boolean } // the API's own shape
  const at = url.replace('127.0.0.1', 'localhost')
  tell(
    [
      '',
      `  Store   ${at}/`,
      `  Admin   ${at}/admin`,
      `  API     ${at}/api/openapi.json`,
      `  Data    ${shown(resolve(dataDir))}`,
      '',
      session.needsSetup
        ? `  Sign in: open ${at}/admin and create the first account. It becomes the administrator.`
        : `  Sign in: open ${at}/admin with the account you made.`,
      '  Stop: Ctrl+C',
      '',
      '',
    ].join('\n'),
  )
}

interface LogEntry {
  readonly msg: string
  readonly level?: string
  readonly url?: string
  readonly error?: string
}
function parsed(line: string): LogEntry | undefined {
  try {
    return JSON.parse(line) as LogEntry // our own server's log
  } catch {
    return undefined
  }
}
