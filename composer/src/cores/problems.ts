import type { Problem } from '@bitcartcc/sdk/problem'

/** A core that was chosen, and is not the one installed along with compose, could not be put together. */
export const coreNotBrought = (version: string, because: string): Problem => ({
  code: 'lock/core-not-brought',
  says: `Core ${version} cannot be brought from the registry.`,
  because: [`pnpm says: ${because}`],
  kept: 'Nothing was built.',
  fix: [
    'Look whether npm reaches its registry on this machine, and try again.',
    'What was fetched before is enough for   compose build --offline',
    'Or let the newest core be chosen that can be had:   compose update core',
  ],
})
