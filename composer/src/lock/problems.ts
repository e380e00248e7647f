import type { Problem } from '@bitcartcc/sdk/problem'
import { short } from '../archive/problems.ts'
import type { Lock } from '../model/lock.ts'
import type { Offered } from '../model/release.ts'
import type { SelectedPlugin, Selection } from '../model/selection.ts'

/** --frozen, and the lock would change. */
export const frozen = (
  lockFile: string,
  changes: readonly string[] | undefined,
  selection: Selection,
): Problem => ({
  code: 'lock/frozen',
  says: changes
    ? `${lockFile} does not say what this build would use.`
    : `There is no ${lockFile}, and --frozen makes none.`,
  facts: (changes ?? []).map((line) => [lockFile, line]),
  kept: changes ? `${lockFile} is unchanged, and nothing was built.` : 'Nothing was built.',
  fix: [
    'Build without --frozen, look at the change of the lock, and commit it:',
    `  compose build ${selection.shownAs}`,
  ],
})

/** The lock was written by another Node or another compose. */
export const otherToolchain = (
  { text, file, lock }: { readonly text: string; readonly file: string; readonly lock: Lock },
  now: Lock['toolchain'],
  differs: readonly (keyof Lock['toolchain'])[],
  selectionFile: string,
): Problem => ({
  code: 'lock/other-toolchain',
  says: `${file} was written by ${differs.map((key) => `${titles[key]} ${lock.toolchain[key]}`).join(' and ')}, and this is ${differs.map((key) => `${titles[key]} ${now[key]}`).join(' and ')}.`,
  because: [
    'Another toolchain can give other bytes, so a build would not be the one that was locked.',
  ],
  facts: differs.map((key) => [
    `${file}:${text.split('\n').findIndex((line) => line.includes(`"${key}": "${lock.toolchain[key]}"`)) + 1}`,
    `"${key}": "${lock.toolchain[key]}"`,
  ]),
  kept: 'Nothing was built.',
  fix: ['Build with what it names, or lock with what is here:', `  compose lock ${selectionFile}`],
})
const titles = { node: 'Node', compose: 'compose' } as const

/** An archive of the version that is locked has other bytes than those. */
export const otherBytes = (
  { name, version, source, integrity = '' }: Offered,
  locked: string,
  lockFile: string,
): Problem => ({
  code: 'lock/other-bytes',
  says: `${source} is not the archive of ${name} ${version} that ${lockFile} names.`,
  facts: [
    [lockFile, `${name} ${version}`, locked],
    [source, `${name} ${version}`, integrity],
  ],
  kept: `Nothing was unpacked, and ${lockFile} is unchanged.`,
  fix: [
    'Get the archive again from the one who made it.',
    `If these bytes are meant, delete the entry of ${name} from ${lockFile}, and lock again.`,
  ],
})

/** The files of a release whose bytes are those of the lock are others than the lock says. */
export const otherTree = (
  { source, name, version }: Offered,
  locked: string,
  found: string,
  lockFile: string,
): Problem => ({
  code: 'lock/other-tree',
  says: `${source} holds other files than ${lockFile} names for ${name} ${version}.`,
  facts: [
    [lockFile, `${name} ${version}`, locked],
    [source, `${name} ${version}`, found],
  ],
  kept: `Nothing was unpacked, and ${lockFile} is unchanged.`,
  fix: [
    `Take ${lockFile} from version control again: somebody changed it.`,
    `If these files are meant, delete the entry of ${name} from ${lockFile}, and lock again.`,
  ],
})

/** Core's files are others than those of the lock, under the same version. */
export const otherCoreFiles = (
  locked: { readonly version: string; readonly tree: string },
  found: { readonly tree: string },
  lockFile: string,
): Problem => ({
  code: 'lock/other-core',
  says: `Core ${locked.version} as npm installed it holds other files than ${lockFile} names.`,
  facts: [
    [lockFile, `core ${locked.version}`, locked.tree],
    ['node_modules', `core ${locked.version}`, found.tree],
  ],
  kept: `Nothing was built, and ${lockFile} is unchanged.`,
  fix: [
    'Remove node_modules, and install again:   npm ci',
    'If these files are meant:   compose build --relock',
  ],
})

/** --against names a file that is not there. */
export const noSuchLock = (file: string): Problem => ({
  code: 'lock/no-such-lock',
  says: `There is no lock at ${file}.`,
  kept: 'Nothing was built.',
  fix: ['Name the lock of the distribution that runs now:   --against dist/NAME/selection.lock'],
})

/** The file is no lock of ours. */
export const badLock = (lockFile: string): Problem => ({
  code: 'lock/not-a-lock',
  says: `${lockFile} cannot be read as a lock.`,
  fix: [`Take ${lockFile} from version control again, or delete it to make a new one.`],
})

interface Rewritten {
  readonly id: string
  readonly plugin: string
  readonly version: string
  readonly before: { readonly place: string; readonly checksum: string; readonly version: string }
  readonly after: { readonly place: string; readonly checksum: string | undefined }
  readonly lockFile: string
  readonly asked: SelectedPlugin | undefined
}

/** A migration that was shipped is another now, or gone. */
export const migrationChanged = ({
  id,
  plugin,
  version,
  before,
  after,
  lockFile,
  asked,
}: Rewritten): Problem => {
  const next = String(Number(id.match(/\/(\d+)/)?.[1] ?? 0) + 1).padStart(4, '0')
  const what = after.checksum === undefined ? 'drops' : 'rewrites'
  const isSame = version === before.version
  return {
    code: 'lock/migration-changed',
    says: `${plugin} ${version} ${what} a migration that ${isSame ? 'was already shipped' : `${plugin} ${before.version} already shipped`}.`,
    because: [
      'A database that has run the old text never runs the new one, so the two would drift apart without a word.',
    ],
    facts: [
      [before.place, id, short(before.checksum)],
      [after.place, id, after.checksum === undefined ? 'is gone' : short(after.checksum)],
    ],
    kept: isSame
      ? `${lockFile} is unchanged.`
      : `${lockFile} still names ${plugin} ${before.version}.`,
    fix: isSame
      ? [`Put the old text back, and write the change as a new migration, ${next}.`]
      : [
          `Ask the author of ${plugin} to ship the change as a new migration, ${next}.`,
          ...(asked
            ? [
                `Until then, in ${asked.at.file}:${asked.at.line} write   ${plugin}: ${before.version}`,
              ]
            : []),
        ],
  }
}

/** A plugin with data is gone from the selection, and nobody said what becomes of the data. */
export const leftWithoutAWord = (
  plugin: string,
  version: string,
  lockFile: string,
  selection: Selection,
): Problem => ({
  code: 'lock/left-without-a-word',
  says: `${plugin} ${version} is no longer selected, and its data may still be in the database.`,
  facts: [
    [lockFile, `${plugin} ${version}`],
    [selection.shownAs, `no entry for ${plugin} under plugins or removed`],
  ],
  kept: 'No data was touched.',
  fix: [
    `Say what becomes of its data, in ${selection.shownAs}:`,
    '  removed:',
    `    ${plugin}: keep`,
  ],
})
