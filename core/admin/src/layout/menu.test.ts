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
  const may = (permission: string | undefined) =>
    permission === undefined || held.includes(permission)
  const inTheirStore = ['invoices.view', 'secret.view']
  const mayAnywhere = (permission: string | undefined) =>
    may(permission) || inTheirStore.includes(permission ?? '')
  expect(menuOf(pages, { may, mayAnywhere })).toEqual([
    {
      title: 'Shop',
      entries: [
        { to: '/', title: 'Dashboard', icon: 'home' },
        { to: '/products', title: 'Products', icon: 'box' },
        { to: '/invoices', title: 'Invoices', icon: 'receipt' },
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
