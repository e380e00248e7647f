import { inspected, inspectedText } from '../views/inspected.ts'
import type { RunCommand } from './command.ts'
import { pluginAt } from './plugin-at.ts'

/** `compose plugin inspect FILE|FOLDER`: what a plugin contributes, asks for and weighs, without running it. */
export const inspectCommand: RunCommand = async ({ words, flags, print }) => {
  const { release, tree, bytes, capabilities } = pluginAt(words[0] ?? '.')
  const { manifest, integrity } = release
  const found = inspected({ manifest, integrity, tree, files: bytes, capabilities })
  print(flags.json ? `${JSON.stringify(found)}\n` : inspectedText(found))
  return 0
}
