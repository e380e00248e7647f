import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { templateFaults } from '@bitcartcc/domain/template-check'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { LockedPlugin } from '../model/lock.ts'
import { templateUnfit } from './problems.ts'

/** Templates that say what their plugin does not declare: they would fail when somebody is to be told. */
export const templateProblems = ({ release, files }: LockedPlugin): readonly Problem[] =>
  (release.manifest.contributes.templates ?? []).flatMap(({ file, variables = {} }, at) => {
    if (!files.has(file.slice(2))) return []
    const faults = templateFaults(readFileSync(join(release.folder, file), 'utf8'), variables)
    return faults.length === 0
      ? []
      : [templateUnfit(release, file, ['contributes', 'templates', at], faults)]
  })
