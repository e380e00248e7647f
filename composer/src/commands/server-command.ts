import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunCommand } from './command.ts'
import { distributionFolder } from './distribution-folder.ts'
import { dotEnv } from './dot-env.ts'

/** `compose migrate|doctor [dist/NAME]`: runs the command of that name of what was built, with the variables of `.env`. */
const serverCommand =
  (name: 'migrate' | 'doctor'): RunCommand =>
  async ({ words: [named], flags }) =>
    ran(distributionFolder(named, name), [
      name,
      ...(flags.plan ? ['--plan'] : []),
      ...(flags.json ? ['--json'] : []),
    ])

/** `compose backup|restore FILE [dist/NAME]`: the same with the file that is written or read. */
const fileCommand =
  (name: 'backup' | 'restore'): RunCommand =>
  async ({ words: [file = '', named], flags }) =>
    ran(distributionFolder(named, `${name} ${file}`), [
      name,
      file,
      ...(flags.replace ? ['--replace'] : []),
    ])

/** `compose run [dist/NAME] PLUGIN:COMMAND [WORDS]`: a command that a plugin brings. */
export const runCommand: RunCommand = async ({ words }) => {
  const [first = '', ...rest] = words
  const isNamed = existsSync(join(first, 'server.js'))
  const folder = distributionFolder(isNamed ? first : undefined, 'run')
  return ran(folder, ['run', ...(isNamed ? rest : words)])
}

/** Runs the server program of a distribution with the variables of `.env`; gives its exit status. */
function ran(folder: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(folder, 'server.js'), ...args], {
    env: { ...dotEnv(), ...process.env },
    stdio: 'inherit',
  })
  return new Promise((done) => child.once('close', (code) => done(code ?? 1)))
}

export const migrateCommand = serverCommand('migrate')
export const doctorCommand = serverCommand('doctor')
export const backupCommand = fileCommand('backup')
export const restoreCommand = fileCommand('restore')
