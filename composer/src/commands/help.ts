import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../help')

/** The help of one command, or of compose; text files, as they are printed. */
export function helpText(command: string | undefined): string {
  const file = join(folder, `${command ?? 'compose'}.txt`)
  return readFileSync(existsSync(file) ? file : join(folder, 'compose.txt'), 'utf8')
}
