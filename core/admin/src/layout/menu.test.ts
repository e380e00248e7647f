import { page } from '@bitcartcc/sdk/wiring'
import { expect, test } from 'vitest'
import { menuOf } from './menu.ts'

test('the menu shows core and plugin pages, and hides what its reader may not open', () => {
  const load = () => Promise.reject(new Error('never shown here'))
  const pages = [
    page(
      { plugin: 'ratings', path: '/', title: 'Ratings', icon: 'star', permission: 'ratings.view' },
      load,
    ),
    page({ plugin: 'imports', path: '/runs', title: 'Imports' }, load),
    page({ plugin: 'secret', path: '/secret', title: 'Secret', permission: 'secret.view' }, load),
  ]
  const held = ['products.view', 'ratings.view']
  expect(
    menuOf(pages, (permission) => permission === undefined || held.includes(permission)),
  ).toEqual([
    {
      title: 'Shop',
      entries: [
        { to: '/', title: 'Dashboard', icon: 'home' },
        { to: '/products', title: 'Products', icon: 'box' },
      ],
    },
    {
      title: 'Plugins',
      entries: [
        { to: '/plugins/ratings', title: 'Ratings', icon: 'star' },
        { to: '/plugins/imports/runs', title: 'Imports', icon: 'puzzle' },
      ],
    },
  ])
})
