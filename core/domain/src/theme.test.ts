import { expect, test } from 'vitest'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { contrast, themeCss } from './theme.ts'

test('a store that sets nothing looks as shipped', () => {
  expect(themeCss({})).toBe('')
  expect(themeCss({ appearance: 'visitor' })).toBe('')
})

test('one colour gives every accent, light and dark', () => {
  expect(themeCss({ accentColor: '#7c3aed', appearance: 'dark' })).toMatchInlineSnapshot(`
    ":root:root {
      --color-accent: light-dark(#7c3aed, #9b69f1);
      --color-accent-hover: light-dark(#6633c5, #ad84f4);
      --color-accent-contrast: light-dark(#ffffff, #04130f);
      --color-accent-soft: light-dark(#efe7fd, #2c2b42);
      --color-accent-ink: light-dark(#7c3aed, #a97ef3);
      --appearance: dark;
    }
    :root:not([data-theme]) {
      color-scheme: dark;
    }
    "
  `)
})

test('whatever colour is chosen, text can be read in it and on it', () => {
  const start = seed()
  const random = randomFrom(start)
  const colors = ['#000000', '#ffffff', '#ffff00', '#808080', '#0000ff']
  for (let at = 0; at < 200; at++)
    colors.push(
      `#${Math.floor(random() * 0x1000000)
        .toString(16)
        .padStart(6, '0')}`,
    )
  const bad = colors.filter((accentColor) => {
    const css = themeCss({ accentColor })
    const of = (name: string) =>
      new RegExp(`--color-accent${name}: light-dark\\((#......), (#......)\\)`).exec(css) ?? []
    const surfaces = ['', '#ffffff', '#141d1b']
    return [1, 2].some(
      (at) =>
        contrast(of('')[at] ?? '', surfaces[at] ?? '') < 4.5 ||
        contrast(of('')[at] ?? '', of('-contrast')[at] ?? '') < 4.5 ||
        contrast(of('-ink')[at] ?? '', of('-soft')[at] ?? '') < 4.5,
    )
  })
  expect(bad, `seed ${start}`).toEqual([])
})
