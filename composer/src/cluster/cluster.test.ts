import { expect, test } from 'vitest'
import { emptyCluster, makeCluster } from './index.ts'

test(
  'an empty database has the same bytes, whenever and wherever it is made',
  { timeout: 120_000 },
  async () => {
    const [kept, made] = await Promise.all([
      emptyCluster(),
      makeCluster({ TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' }),
    ])
    expect(Buffer.compare(kept, made)).toBe(0)
  },
)
