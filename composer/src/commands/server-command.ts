import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { RunCommand } from './command.ts'
import { distributionFolder } from './distribution-folder.ts'
import { dotEnv } from './dot-env.ts'

/** `compose migrate|doctor [dist/NAME]`: runs the command of that name of what was built, with the variables of `.env`. */
const serverCommand =
  (name: 'migrate' | 'doctor'): RunCommand =>
  async ({ words, flags }) => {
    const folder = distributionFolder(
      words.find((word) => !word.startsWith('--')),
      name,
    )
    const asked = [
      ...words.filter((word) => word.startsWith('--')),
      ...(flags.json ? ['--json'] : []),
    ]
    const child = spawn(process.execPath, [join(folder, 'server.js'), name, ...asked], {
      env: { ...dotEnv(), ...process.env },
      stdio: 'inherit',
    })
    return new Promise((done) => child.once('close', (code) => done(code ?? 1)))
  }

export const migrateCommand = serverCommand('migrate')
export const doctorCommand = serverCommand('doctor')
