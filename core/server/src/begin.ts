import { problemText } from '@bitcartcc/sdk/problem'
import { useCompiledCode } from './compiled-code.ts'
import { olderNode } from './older-node.ts'

/**
 * What a distribution runs before its program is loaded, whose path it takes; false where that may not be.
 *
 * An older Node fails at loading the program, in words that help nobody: so this, and what it imports, names nothing that an
 * older one lacks.
 */
export function begin(folder: string): boolean {
  const older = olderNode(process.versions.node)
  if (older) {
    process.stderr.write(`${problemText(older)}\n`)
    process.exitCode = 1
    return false
  }
  useCompiledCode(folder)
  return true
}
