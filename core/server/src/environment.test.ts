import { expect, test } from 'vitest'
import { problemText, Refused } from '@bitcartcc/sdk/problem'
import { readEnvironment } from './environment.ts'

const refused = (read: () => unknown): string => {
  try {
    return `${String(read())} was taken`
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return error.problems.map(problemText).join('\n')
  }
}

test('trusted proxies are addresses, networks and the words for ours, or nothing is started', () => {
  const trusted = (text: string) => readEnvironment({ TRUSTED_PROXIES: text }).trustedProxies
  expect(trusted('')).toBeUndefined()
  expect(trusted('loopback, 10.0.0.5,fd00::/8')).toBe('loopback,10.0.0.5,fd00::/8')
  expect(refused(() => trusted('10.0.0.5,proxy.example.com,10.0.0.0/33'))).toMatchInlineSnapshot(`
    "✗ TRUSTED_PROXIES names what is no address.

        TRUSTED_PROXIES   proxy.example.com
        TRUSTED_PROXIES   10.0.0.0/33

      Nothing was started.

      Fix: Write addresses or networks, with commas between them:   10.0.0.5,192.168.7.0/24

      More: compose explain start/not-an-address
    "
  `)
})

test('the address of a database is one of PostgreSQL, and what cannot be read of it is not shown', () => {
  const given = (text: string) => readEnvironment({ DATABASE_URL: text }).databaseUrl
  const good = [
    'postgres://postgres@database:5432/postgres',
    'postgresql://shop:p%40ss@[::1]/shop?sslmode=require',
    'postgres://shop@/shop?host=/run/postgresql',
    'postgres://%2Frun%2Fpostgresql/shop',
    'socket:/run/postgresql?db=shop',
    '/run/postgresql shop',
  ]
  expect(good.map(given)).toEqual(good)
  expect(given('')).toBeUndefined()
  expect(
    [
      refused(() => given('mysql://shop:secret@host/shop')),
      refused(() => given('postgres://shop:sec#ret@host/shop')),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
    "✗ DATABASE_URL is not the address of a PostgreSQL database.

        DATABASE_URL   does not begin with postgres://

      Nothing was started.

      Fix: Set it to   postgres://user:password@host:5432/database
           with @ : / ? # and % of a password as %40 %3A %2F %3F %23 and %25, or leave it unset for the embedded database.

      More: compose explain start/not-a-database-url

    ✗ DATABASE_URL is not the address of a PostgreSQL database.

        DATABASE_URL   cannot be read as a URL

      Nothing was started.

      Fix: Set it to   postgres://user:password@host:5432/database
           with @ : / ? # and % of a password as %40 %3A %2F %3F %23 and %25, or leave it unset for the embedded database.

      More: compose explain start/not-a-database-url
    "
  `)
})
