import type { Problem } from '@bitcartcc/sdk/problem'

const leastNode = [24, 12] as const

/** A Node that lacks what the distribution was compiled for; undefined where it does not. */
export function olderNode(version: string): Problem | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])) return undefined
  return {
    code: 'start/older-node',
    says: `This distribution runs on Node ${leastNode.join('.')} or later, and this is Node ${version}.`,
    kept: 'Nothing was started.',
    fix: [
      'Start it with   compose start   which brings its own Node,',
      'or install Node 24, https://nodejs.org, and start it again.',
    ],
  }
}
