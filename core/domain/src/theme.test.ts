import { expect, test } from 'vitest'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { contrast, themeCss } from './theme.ts'

test('a store that sets nothing looks as shipped', () => {
  expect(themeCss({})).toBe('')
  expect(themeCss({ appearance: 'visitor' })).toBe('')
})

test('one colour gives every accent, light and dark', () => {
  expect(themeCss({ accentColor: '#7c3aed', appearance: 'dark' })).toMatchInlineSnapshot(`
    ":root {
      --theme-accent-light: #7c3aed;
      --theme-accent-dark: #9b69f1;
      --theme-accent-hover-light: #6633c5;
      --theme-accent-hover-dark: #ad84f4;
      --theme-accent-contrast-light: #ffffff;
      --theme-accent-contrast-dark: #04130f;
      --theme-accent-soft-light: #efe7fd;
      --theme-accent-soft-dark: #2c2b42;
      --theme-accent-ink-light: #7c3aed;
      --theme-accent-ink-dark: #a97ef3;
      --appearance: dark;
    }
    :root:not([data-theme]) {
      color-scheme: dark;
      --lightningcss-light: ;
      --lightningcss-dark: initial;
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
      new RegExp(`--theme-accent${name}: (#......);`).exec(css)?.[1] ?? ''
    return [
      ['light', '#ffffff'],
      ['dark', '#141d1b'],
    ].some(
      ([scheme, surface = '']) =>
        // One below the limit, and what is no colour, is bad.
        !(
          contrast(of(`-${scheme}`), surface) >= 4.5 &&
          contrast(of(`-${scheme}`), of(`-contrast-${scheme}`)) >= 4.5 &&
          contrast(of(`-ink-${scheme}`), of(`-soft-${scheme}`)) >= 4.5
        ),
    )
  })
  expect(bad, `seed ${start}`).toEqual([])
})
