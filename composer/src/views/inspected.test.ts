import { expect, test } from 'vitest'
import { inspected, inspectedText } from './inspected.ts'

test('a plugin is told in blocks, without what would move the cursor', () => {
  const found = inspected({
    manifest: {
      name: 'loyalty',
      version: '2.1.0',
      title: 'Loyalty\u001b[2J',
      description: 'Points for customers.',
      author: 'A shop',
      license: 'MIT',
      requires: { bitcartcc: '^1.0.0', plugins: { ledger: '^2.0.0' } },
      contributes: {
        migrations: './migrations',
        'admin.pages': [
          { path: '/loyalty', title: 'Points', component: './P.vue', permission: 'users.manage' },
        ],
      },
      settings: { apiKey: { type: 'string', title: 'Key', secret: true } },
    },
    integrity: 'sha512-abc',
    tree: 'h1:xyz',
    capabilities: ['network', 'port 8080:80'],
    files: new Map([
      ['package.json', Buffer.from('{"dependencies":{"left-pad":"1.3.0"}}')],
      ['migrations/0001_points.sql', Buffer.alloc(1200)],
    ]),
  })
  expect(inspectedText(found)).toBe(`loyalty 2.1.0   Loyalty [2J
Points for customers.
By A shop, MIT. None of its code was run.

  requires
    bitcartcc   ^1.0.0
    ledger      ^2.0.0

  contributes
    admin.pages   path /loyalty, title Points, component ./P.vue, permission users.manage
    migrations    ./migrations

  asks for
    users.manage

  settings
    apiKey   string, secret: Key

  can reach
    network
    port 8080:80

  npm packages
    left-pad   1.3.0

  weighs
    migrations/    1.2 kB
    package.json   37 B
    2 files        1.2 kB

  is known by
    tree        h1:xyz
    integrity   sha512-abc
    signature   none
`)
})
