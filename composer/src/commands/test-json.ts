import type { Flags, RunCommand } from './command.ts'
import { tellFailure } from './failure.ts'

/** Runs a command with --json as a program would; gives its status, the one value on the one line of stdout, and what stderr got. */
export async function asJson(
  command: RunCommand,
  words: readonly string[] = [],
  flags: Partial<Flags> = {},
): Promise<{ readonly exit: number; readonly value: unknown; readonly told: string }> {
  let printed = ''
  let told = ''
  const asked = {
    words,
    flags: { frozen: false, quiet: false, ...flags, json: true },
    print: (text: string) => void (printed += text),
    tell: (text: string) => void (told += text),
  }
  // What it throws at once is told as what it throws later.
  const exit = await (async () => command(asked))().catch((error: unknown) =>
    tellFailure(error, asked, ''),
  )
  if (!/^[^\n]+\n$/.test(printed)) throw new Error(`not one line: ${printed}`)
  return { exit, value: JSON.parse(printed), told }
}

const nothing = { added: [], removed: [] }

/** The change of a plugin of which nothing but the version is another. */
export const asItWas = {
  of: 'plugin',
  hasOtherFiles: false,
  images: nothing,
  permissions: nothing,
  capabilities: nothing,
  migrations: [],
}
