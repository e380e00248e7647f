import type { Problem } from '@bitcartcc/sdk/problem'
import type { Misfit } from './misfits.ts'
import { nearest } from './nearest.ts'
import type { YamlFile } from './yaml-file.ts'

/** Words what does not fit in a YAML file, with the stage's name before the code. */
export function misfitProblems(
  found: readonly Misfit[],
  file: YamlFile,
  stage: 'selection' | 'sources',
  owner: string,
): readonly Problem[] {
  return found.map((misfit) => {
    const at = file.at(...misfit.path)
    const place = `${at.file}:${at.line}`
    const facts = [[place, file.lineAt(...misfit.path)]]
    const where = (path: Misfit['path']) => (path.length === 0 ? owner : path.join('.'))
    if (misfit.kind === 'unknown-key') {
      const near = nearest(misfit.key, misfit.known)
      return {
        code: `${stage}/unknown-key`,
        says: `${misfit.path.length > 1 ? `${where(misfit.path.slice(0, -1))} in ${owner}` : owner} has no key ${misfit.key}.`,
        facts,
        fix: near
          ? [`In ${place} write   ${near}`]
          : [`Take the line out. Keys here are: ${misfit.known.join(', ')}.`],
      }
    }
    if (misfit.kind === 'missing-key')
      return {
        code: `${stage}/missing-key`,
        says: `${misfit.path.length > 0 ? `${where(misfit.path)} in ${owner}` : owner} lacks the key ${misfit.key}.`,
        facts: misfit.path.length > 0 ? facts : [[at.file, `no ${misfit.key}`]],
        fix: [`Add   ${misfit.key}: …`],
      }
    return {
      code: `${stage}/wrong-value`,
      says: `${where(misfit.path)}${misfit.path.length > 0 ? ` in ${owner}` : ''} must be ${misfit.expects}.`,
      facts,
      fix: [`Change ${place}.`],
    }
  })
}
