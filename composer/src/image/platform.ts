/** What an image can be made for, as engines name it. */
export const platforms = ['linux/amd64', 'linux/arm64'] as const
export type Platform = (typeof platforms)[number]

export const isPlatform = (word: string): word is Platform =>
  (platforms as readonly string[]).includes(word) // wider, to be asked

export const architectureOf = (platform: Platform): string => platform.slice('linux/'.length)

/** The same as Node names it. */
export const machineOf = (platform: Platform): string =>
  ({ 'linux/amd64': 'linux-x64', 'linux/arm64': 'linux-arm64' })[platform]

/** The npm package that holds Node for a platform. */
export const nodePackageOf = (platform: Platform): string => `node-${machineOf(platform)}`
