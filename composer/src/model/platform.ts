/** What a distribution can be for, as engines of containers name it. */
export const platforms = ['linux/amd64', 'linux/arm64'] as const
export type Platform = (typeof platforms)[number]

export const isPlatform = (word: string): word is Platform =>
  (platforms as readonly string[]).includes(word) // wider, to be asked

export const architectureOf = (platform: Platform): string => platform.slice('linux/'.length)

/** The same as Node names it. */
export const machineOf = (platform: Platform): string =>
  ({ 'linux/amd64': 'linux-x64', 'linux/arm64': 'linux-arm64' })[platform]

/** What this machine, or a container on it, is. */
export const ownPlatform = (): Platform =>
  process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64'

/** Kinds of machine that a distribution with machine code runs on: those it was asked for, else the one that builds it. */
export const machinesOf = (platforms: readonly Platform[]): readonly string[] =>
  platforms.length === 0 ? [ownMachine] : platforms.map(machineOf)
export const ownMachine = `${process.platform}-${process.arch}`

/** The npm package that holds Node for a platform. */
export const nodePackageOf = (platform: Platform): string => `node-${machineOf(platform)}`
