import type { Fill } from '@bitcartcc/sdk/wiring'
import { expect, test } from 'vitest'
import { fillsOf } from './fills.ts'

const fill = (
  plugin: string,
  mode: Fill['mode'],
  order: number,
  more: Partial<Fill> = {},
): Fill => ({
  slot: 'product.card.after',
  plugin,
  mode,
  order,
  load: () => Promise.reject(new Error('never shown here')),
  ...more,
})

test('fills of a slot stand by order, then by plugin, and only where the visitor may see them', () => {
  const { append, prepend, replace, wrap } = fillsOf(
    [
      fill('zebra', 'append', 50),
      fill('ant', 'append', 50),
      fill('first', 'append', 1),
      fill('secret', 'append', 0, { permission: 'secret.view' }),
      fill('open', 'prepend', 0, { permission: 'open.view' }),
      fill('elsewhere', 'append', 0, { slot: 'page.footer.after' }),
      fill('theme', 'replace', 0),
      fill('inner', 'wrap', 1),
      fill('outer', 'wrap', 2),
    ],
    'product.card.after',
    (permission) => permission === 'open.view',
  )
  const names = (fills: readonly Fill[]) => fills.map((each) => each.plugin)
  expect({
    append: names(append),
    prepend: names(prepend),
    replace: replace?.plugin,
    wrap: names(wrap),
  }).toEqual({
    append: ['first', 'ant', 'zebra'],
    prepend: ['open'],
    replace: 'theme',
    wrap: ['inner', 'outer'],
  })
})
