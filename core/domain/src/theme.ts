/** The colours of one store as a style sheet; empty where it looks as shipped. */
export function themeCss(settings: Readonly<Record<string, unknown>>): string {
  const { accentColor, appearance } = settings
  const palette = typeof accentColor === 'string' ? paletteOf(accentColor) : []
  const isChosen = appearance === 'light' || appearance === 'dark'
  return [
    ruleOf(':root', [...palette, ...(isChosen ? [`--appearance: ${appearance}`] : [])]),
    // A visitor who switched has `data-theme`.
    ruleOf(
      ':root:not([data-theme])',
      isChosen ? [`color-scheme: ${appearance}`, ...switches[appearance]] : [],
    ),
  ].join('')
}

const ruleOf = (selector: string, declarations: readonly string[]) =>
  declarations.length === 0
    ? ''
    : `${selector} {\n${declarations.map((each) => `  ${each};\n`).join('')}}\n`

/** What `light-dark()` of the apps' style sheets hangs on, once the build (Lightning CSS) has made it readable to older browsers. */
const switches = {
  light: ['--lightningcss-light: initial', '--lightningcss-dark: '],
  dark: ['--lightningcss-light: ', '--lightningcss-dark: initial'],
}

/** As the kit has them. */
const [white, ink] = ['#ffffff', '#04130f']
const surfaces = { light: white, dark: '#141d1b' }
/** What WCAG 2.2 asks of text. */
const readable = 4.5

/**
 * The accents of the kit from one colour, light and dark: the colour itself where it can be read, else the nearest lighter or
 * darker one that can.
 */
function paletteOf(color: string): string[] {
  const light = shadeOf(color, surfaces.light, ink)
  const dark = shadeOf(color, surfaces.dark, white)
  const soft = { light: mix(light, white, 0.88), dark: mix(dark, surfaces.dark, 0.82) }
  return [
    ...both('', light, dark),
    ...both('-hover', mix(light, ink, 0.18), mix(dark, white, 0.18)),
    ...both('-contrast', contrasting(light), contrasting(dark)),
    ...both('-soft', soft.light, soft.dark),
    ...both('-ink', shadeOf(light, soft.light, ink), shadeOf(dark, soft.dark, white)),
  ]
}

const both = (name: string, light: string, dark: string) => [
  `--theme-accent${name}-light: ${light}`,
  `--theme-accent${name}-dark: ${dark}`,
]

/** The colour, moved towards another until it can be read on a surface, and text of the one or other kind on it. */
function shadeOf(color: string, surface: string, towards: string): string {
  for (let step = 0; step <= 50; step++) {
    const shade = mix(color, towards, step / 50)
    if (contrast(shade, surface) >= readable && contrast(shade, contrasting(shade)) >= readable)
      return shade
  }
  return towards
}

const contrasting = (color: string) =>
  contrast(color, white) >= contrast(color, ink) ? white : ink

/** The ratio of two luminances, 1 to 21. Source: WCAG 2.2, relative luminance and contrast ratio. */
export function contrast(one: string, other: string): number {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (bright + 0.05) / (dim + 0.05)
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = partsOf(color).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Between two colours: `share` 0 is the first, 1 the second. */
function mix(first: string, second: string, share: number): string {
  const seconds = partsOf(second)
  const parts = partsOf(first).map((part, at) =>
    Math.round(part + ((seconds[at] ?? part) - part) * share),
  )
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

const partsOf = (color: string) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16))
