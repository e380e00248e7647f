import type { Lock } from '../model/lock.ts'

/** A lock of one plugin with one migration. */
export const lock: Lock = {
  format: 1,
  toolchain: { node: '24.21.0', compose: '0.1.0' },
  asked: { core: '^1.0.0', plugins: { ratings: '^1.0.0' } },
  core: { version: '1.0.0', tree: 'h1:a' },
  plugins: {
    ratings: { version: '1.0.0', source: 'plugins/ratings', tree: 'h1:b', manifest: 'sha256-c' },
  },
  migrations: { 'ratings/0001_votes': 'sha256-d' },
}
