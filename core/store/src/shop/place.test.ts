import { expect, test, vi } from 'vitest'

vi.stubGlobal('location', { pathname: '/s/Ab-1_/cart' })
const { here, placeOf } = await import('./place.ts')

test('an address names its store, or the first one is shown', () => {
  const paths = [
    '/',
    '/cart',
    '/s',
    '/s/',
    '/s/Ab-1_',
    '/s/Ab-1_/',
    '/s/a%22b',
    '/summer',
    '/p/s/x',
  ]
  expect(paths.map((path) => placeOf(path).base)).toEqual([
    '/',
    '/',
    '/',
    '/',
    '/s/Ab-1_/',
    '/s/Ab-1_/',
    '/',
    '/',
    '/',
  ])
  expect(here).toEqual({ storeId: 'Ab-1_', base: '/s/Ab-1_/' })
})
