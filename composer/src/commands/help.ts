import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../help')

/** The help of one command, or of compose; text files, as they are printed. What begins with one word shares one. */
export const helpText = (command = 'compose'): string =>
  readFileSync(join(folder, `${command.split(' ')[0]}.txt`), 'utf8')
