import type { Problem } from '@bitcartcc/sdk/problem'

const reasons: Readonly<Record<string, string>> = {
  EROFS: 'The distribution cannot be written: its disk is read-only.',
  EACCES: 'The distribution cannot be written: this user may not write there.',
  EPERM: 'The distribution cannot be written: this user may not write there.',
  ENOENT: 'The distribution cannot be written: that place takes no folders.',
  ENOTDIR: 'The distribution cannot be written: a file stands where its folder should be.',
}

/** A folder that we may not write to; undefined for any other error. */
export function cannotWrite(error: unknown, out: string): Problem | undefined {
  const { code = '', message } = error as NodeJS.ErrnoException // Node's file errors carry a code
  const says = reasons[code]
  if (!says) return undefined
  return {
    code: 'package/cannot-write',
    says,
    facts: [
      ['folder', out],
      ['system', message],
    ],
    kept: 'The distribution that was there is untouched.',
    fix: ['Let this user write a folder there, or build to another place with --out DIR.'],
  }
}
