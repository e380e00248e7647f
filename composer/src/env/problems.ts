import type { Fact, Problem } from '@bitcartcc/sdk/problem'

const kept = 'Nothing was started.'

/** A variable without which nothing starts. */
export const missingValue = (name: string, title: string, file: string): Problem => ({
  code: 'env/missing-value',
  says: `${name} has no value.`,
  facts: [[file, `${name}: ${title}`]],
  kept,
  fix: [`Write into ${file}   ${name}=…`],
})

/** A variable that nothing in the distribution reads. */
export const unknownName = (name: string, place: string, near: string | undefined): Problem => ({
  code: 'env/unknown-name',
  says: `Nothing in this distribution reads ${name}.`,
  facts: [[place, name]],
  kept,
  fix: [near === undefined ? 'Take the line out.' : `Write   ${near}=…`],
})

/** A value that its readers would not read alike. */
export const corruptible = (name: string, found: string, place: string): Problem => ({
  code: 'env/corruptible-value',
  says: `The value of ${name} would not arrive as it is written.`,
  because: [
    found.length === 1
      ? `It holds   ${found}   which the editions of docker-compose and Node read differently.`
      : `It holds ${found}.`,
  ],
  facts: [[place, name]],
  kept,
  fix: ['Choose a value without   $ \' " ` \\ #   and without a space at an end.'],
})

/** A line that gives nothing. */
export const notAVariable = (place: string): Problem => ({
  code: 'env/corruptible-value',
  says: 'A line is neither a variable nor a comment.',
  facts: [[place]],
  kept,
  fix: ['Write   NAME=value   on a line of its own, without spaces around the equals sign.'],
})

/** One variable on two lines. */
export const givenTwice = (facts: readonly Fact[]): Problem => ({
  code: 'env/given-twice',
  says: `${facts[0]?.[1] ?? ''} is given ${facts.length} times.`,
  facts,
  kept,
  fix: ['Keep one of the lines.'],
})

/** A value that does not fit its declaration. */
export const wrongValue = (name: string, wanted: string, place: string): Problem => ({
  code: 'env/wrong-value',
  says: `${name} must be ${wanted}.`,
  facts: [[place, name]],
  kept,
  fix: ['Correct the value.'],
})

/** Docker makes a folder of what it was to mount and did not find. */
export const envIsAFolder: Problem = {
  code: 'env/a-folder',
  says: '.env is a folder, and should be a file.',
  kept,
  fix: ['Take it away, and write the file:   rmdir .env && compose env'],
}
