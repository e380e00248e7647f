import { expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { noRight, readEnvironment } from './environment.ts'

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

test('a folder of somebody else is for a person to mend, and no bug', () => {
  const message = "EACCES: permission denied, mkdir '/shop/data'"
  const error = Object.assign(new Error(message), { code: 'EACCES', path: '/shop/data' })
  const problem = noRight(error)
  expect(problem && problemText(problem)).toMatchInlineSnapshot(`
    "✗ This user may not use /shop/data.

        system   EACCES: permission denied, mkdir '/shop/data'

      Fix: Give this user the right to it, or name another data folder:   DATA_DIR=./data-2

      More: compose explain start/no-right
    "
  `)
  expect([noRight(new Error(message)), noRight('EACCES')]).toEqual([undefined, undefined])
})
