import { expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { readEnvironment } from './environment.ts'

test('trusted proxies are addresses, networks and the words for ours, or nothing is started', () => {
  const trusted = (text: string) => readEnvironment({ TRUSTED_PROXIES: text }).trustedProxies
  expect(trusted('')).toBeUndefined()
  expect(trusted('loopback, 10.0.0.5,fd00::/8')).toBe('loopback,10.0.0.5,fd00::/8')
  const refused = (text: string): string => {
    try {
      return `${trusted(text)} was taken`
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return error.problems.map(problemText).join('\n')
    }
  }
  expect(refused('10.0.0.5,proxy.example.com,10.0.0.0/33')).toMatchInlineSnapshot(`
    "✗ TRUSTED_PROXIES names what is no address.

        TRUSTED_PROXIES   proxy.example.com
        TRUSTED_PROXIES   10.0.0.0/33

      Nothing was started.

      Fix: Write addresses or networks, with commas between them:   10.0.0.5,192.168.7.0/24

      More: compose explain start/not-an-address
    "
  `)
})
