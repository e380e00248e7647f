import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml'
import type { Problem } from '@bitcartcc/sdk/problem'
import type { YamlFile } from './yaml-file.ts'

const deepest = 32

/** What a manifest may not use of YAML: each makes one text mean different things to different readers. */
export function plainYamlProblems(
  { root, placeOf, shownAs }: YamlFile,
  text: string,
  code: Problem['code'],
): readonly Problem[] {
  const found = root ? firstOdd(root) : undefined
  if (!found) return []
  const { line } = placeOf(found.node)
  return [
    {
      code,
      says: `${shownAs} cannot be read as a manifest.`,
      because: [`${found.what}.`],
      facts: [[`${shownAs}:${line}`, text.split('\n')[line - 1]?.trim() || '(an empty line)']],
      fix: [`In ${shownAs}:${line} write the value itself.`],
    },
  ]
}

/** Looks at every node without a call in itself: how deep a text goes is the author's to say. */
function firstOdd(root: Node): { readonly node: Node; readonly what: string } | undefined {
  const open: { readonly node: Node; readonly depth: number }[] = [{ node: root, depth: 1 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next
    // An alias has its anchor before it, or the text was refused.
    if ('anchor' in node && node.anchor !== undefined)
      return { node, what: 'A manifest has no anchors' }
    if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:'))
      return { node, what: 'A manifest has no tags' }
    if (depth > deepest) return { node, what: `A manifest is at most ${deepest} levels deep` }
    const inside: readonly unknown[] = isMap(node)
      ? node.items.flatMap(({ key, value }) => [key, value])
      : isSeq(node)
        ? node.items
        : []
    if (isMap(node)) {
      const merge = node.items.find(({ key }) => isScalar(key) && key.value === '<<')?.key
      if (isNode(merge)) return { node: merge, what: 'A manifest has no merge keys' }
    }
    for (const each of inside.toReversed())
      if (isNode(each)) open.push({ node: each, depth: depth + 1 })
  }
  return undefined
}
