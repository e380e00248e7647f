import { expect, test } from 'vitest'
import { Refused } from '@bitcartcc/sdk/problem'
import { resolve, type ResolveOptions } from './index.ts'
import { releasesOf, selectionOf, type Asks, type Says, type Shop } from './test-support.ts'

const told = (
  shop: Shop,
  asks: Readonly<Record<string, string>>,
  options: ResolveOptions & Asks = {},
): string | readonly string[] => {
  const catalog = { core: { version: '1.4.0' }, releases: releasesOf(shop) }
  try {
    const { plugins } = resolve(selectionOf(asks, options), catalog, options)
    return plugins.map(({ release }) => `${release.name} ${release.version}`).join(', ')
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return error.problems.flatMap(({ says, because = [], fix }) => [says, ...because, ...fix])
  }
}
/** The same for many versions: `{ '1.0.0': …, '1.1.0': … }`. */
const all = (versions: string, says: (version: string) => Says = () => ({})) =>
  Object.fromEntries(versions.split(' ').map((version) => [version, says(version)] as const))

// Most of these are pub's: `dart-lang/pub: test/version_solver_test.dart`, told of plugins.
test.each<[string, Shop, Record<string, string>, (ResolveOptions & Asks) | undefined, string]>([
  ['nothing asked', { a: all('1.0.0') }, {}, undefined, ''],
  [
    'one that two ask for',
    {
      a: all('1.0.0', () => ({ plugins: { shared: '>=2.0.0 <4.0.0' } })),
      b: all('1.0.0', () => ({ plugins: { shared: '>=3.0.0 <5.0.0' } })),
      shared: all('2.0.0 3.0.0 3.6.9 4.0.0 5.0.0'),
    },
    { a: '1.0.0', b: '1.0.0' },
    undefined,
    'a 1.0.0, b 1.0.0, shared 3.6.9',
  ],
  [
    'a circle',
    {
      foo: all('1.0.0', () => ({ plugins: { bar: '1.0.0' } })),
      bar: all('1.0.0', () => ({ plugins: { foo: '1.0.0' } })),
    },
    { foo: '1.0.0' },
    undefined,
    'bar 1.0.0, foo 1.0.0',
  ],
  [
    'back to an older one',
    {
      a: { '1.0.0': {}, '2.0.0': { plugins: { c: '^1.0.0' } } },
      b: { '1.0.0': { plugins: { c: '^2.0.0' } }, '2.0.0': { plugins: { c: '^3.0.0' } } },
      c: all('1.0.0 2.0.0 3.0.0'),
    },
    { a: '*', b: '*' },
    undefined,
    'a 1.0.0, b 2.0.0, c 3.0.0',
  ],
  [
    'all the way back',
    {
      foo: all('1.0.0 2.0.0 3.0.0', (version) => ({ plugins: { bar: version } })),
      bar: {
        '1.0.0': { plugins: { baz: '*' } },
        '2.0.0': { plugins: { baz: '2.0.0' } },
        '3.0.0': { plugins: { baz: '3.0.0' } },
      },
      baz: all('1.0.0'),
    },
    { foo: '*' },
    undefined,
    'bar 1.0.0, baz 1.0.0, foo 1.0.0',
  ],
  [
    'the newest that runs on this core',
    {
      foo: all('1.0.0 2.0.0 3.0.0', (version) => ({ plugins: { bar: version } })),
      bar: all('1.0.0 2.0.0 3.0.0', (version) => ({
        core: version === '3.0.0' ? '^2.0.0' : '^1.0.0',
      })),
    },
    { foo: '*' },
    undefined,
    'bar 2.0.0, foo 2.0.0',
  ],
  [
    'what is locked',
    {
      foo: all('1.0.0 1.0.1 1.0.2', (version) => ({ plugins: { bar: version } })),
      bar: all('1.0.0 1.0.1 1.0.2'),
    },
    { foo: '*' },
    {
      locked: new Map([
        ['foo', '1.0.1'],
        ['bar', '1.0.1'],
        ['baz', '1.0.0'],
      ]),
    },
    'bar 1.0.1, foo 1.0.1',
  ],
  [
    'update moves what was named, and what it needs',
    {
      foo: all('1.0.0 1.0.1 1.0.2', (version) => ({ plugins: { bar: version } })),
      bar: all('1.0.0 1.0.1 1.0.2'),
      other: all('1.0.0 1.1.0'),
    },
    { foo: '*', other: '*' },
    {
      locked: new Map([
        ['foo', '1.0.1'],
        ['bar', '1.0.1'],
        ['other', '1.0.0'],
      ]),
      updated: new Set(['foo']),
    },
    'bar 1.0.2, foo 1.0.2, other 1.0.0',
  ],
  [
    'a conflict only counts where the other one is',
    { a: { '1.0.0': { conflicts: { b: '*' } } }, b: all('1.0.0') },
    { a: '*' },
    undefined,
    'a 1.0.0',
  ],
  [
    'an optional range counts where the other one is',
    { a: { '1.0.0': { optional: { b: '^1.0.0' } } }, b: all('1.0.0 2.0.0') },
    { a: '*', b: '*' },
    undefined,
    'a 1.0.0, b 1.0.0',
  ],
  [
    'a capability by the provider that is there',
    {
      shop: { '1.0.0': { plugins: { fx: '*' } } },
      ants: { '1.0.0': { provides: ['fx'] } },
      bees: { '1.0.0': { provides: ['fx'] } },
    },
    { shop: '*', bees: '*' },
    undefined,
    'bees 1.0.0, shop 1.0.0',
  ],
  [
    'an override stands for what everybody asks',
    {
      b: { '1.0.0': { plugins: { a: '1.0.0' } } },
      c: { '1.0.0': { plugins: { a: '3.0.0' } } },
      a: all('1.0.0 2.0.0 3.0.0', () => ({ core: '^9.0.0' })),
    },
    { b: '*', c: '*' },
    { overrides: { a: '2.0.0' } },
    'a 2.0.0, b 1.0.0, c 1.0.0',
  ],
  [
    'stable before prerelease',
    { a: all('1.0.0 1.1.0-dev 1.1.0 2.0.0-dev 2.0.0') },
    { a: '<=2.0.0-dev' },
    undefined,
    'a 1.1.0',
  ],
  [
    'a prerelease that a range names',
    {
      a: { '1.0.0': { plugins: { b: '^1.0.0' } }, '1.1.0': { plugins: { b: '^1.1.0-dev' } } },
      b: all('1.0.0 1.1.0-dev'),
    },
    { a: '*', b: '^1.0.0' },
    undefined,
    'a 1.0.0, b 1.0.0',
  ],
  [
    'prereleases where nothing else fits',
    { a: all('1.0.0-dev 1.9.0-dev 3.0.0') },
    { a: '<2.0.0' },
    { prerelease: { default: 'if-necessary' } },
    'a 1.9.0-dev',
  ],
  [
    'prereleases of one plugin',
    { a: all('1.0.0 1.9.0-dev'), b: all('1.0.0 1.9.0-dev') },
    { a: '^1.0.0', b: '^1.0.0' },
    { prerelease: { a: 'allow' } },
    'a 1.0.0, b 1.0.0',
  ],
  [
    'no release candidate below its release',
    { a: all('1.0.0-dev 2.0.0-rc.1') },
    { a: '<2.0.0' },
    { prerelease: { default: 'allow' } },
    'a 1.0.0-dev',
  ],
])('%s', (_, shop, asks, options, expected) => {
  expect(told(shop, asks, options)).toBe(expected)
})

test('a proof is told in the order in which it convinces, and what is used again has a number', () => {
  expect(
    told(
      {
        loyalty: {
          '2.0.0': { plugins: { rates: '^1.0.0', theme: '^1.0.0' } },
          '2.1.0': { plugins: { ledger: '^2.0.0', audit: '^1.0.0' } },
        },
        theme: { '1.0.0': { plugins: { rates: '^2.0.0' } } },
        ledger: { '2.0.0': { plugins: { export: '^3.0.0' } } },
        audit: { '1.0.0': { plugins: { export: '^2.0.0' } } },
        rates: all('1.0.0 2.0.0'),
        export: all('2.0.0 3.0.0'),
      },
      { loyalty: '^2.0.0' },
    ),
  ).toMatchInlineSnapshot(`
    [
      "No set of versions fits this selection.",
      "Because theme 1.0.0 needs rates ^2.0.0 and loyalty 2.0.0 needs rates ^1.0.0, theme is incompatible with loyalty 2.0.0.",
      "[1] So, because loyalty 2.0.0 needs theme ^1.0.0, loyalty 2.0.0 cannot be chosen.",
      "Because audit 1.0.0 needs export ^2.0.0 and ledger 2.0.0 needs export ^3.0.0, audit is incompatible with ledger.",
      "And because loyalty 2.1.0 needs both audit ^1.0.0 and ledger ^2.0.0, loyalty 2.1.0 cannot be chosen.",
      "And because loyalty 2.0.0 cannot be chosen [1], no version of loyalty can be chosen.",
      "So, because your selection needs loyalty ^2.0.0, no versions fit.",
      "Take loyalty out, in selection.yaml:4.",
    ]
  `)
})

test('what no versions of fit is said with all that can be had', () => {
  expect(told({ foo: all('2.0.0 2.1.3') }, { foo: '>=1.0.0 <2.0.0' })).toMatchInlineSnapshot(`
    [
      "No version of foo fits >=1.0.0 <2.0.0.",
      "Because your selection needs foo >=1.0.0 <2.0.0, and the sources have foo 2.1.3 and 2.0.0, no versions fit.",
      "foo 2.1.3 fits, with everything else as you asked.",
      "In selection.yaml:4 write   foo: ^2.1.3",
    ]
  `)
})

test('a chain is told in one breath', () => {
  expect(
    told(
      {
        foo: { '1.0.0': { plugins: { bar: '*' } } },
        bar: { '1.0.0': { plugins: { baz: '^1.0.0' } } },
        baz: all('1.0.0 2.0.0'),
      },
      { foo: '*', baz: '^2.0.0' },
    ),
  ).toMatchInlineSnapshot(`
    [
      "No set of versions fits this selection.",
      "Because foo 1.0.0 needs bar, which needs baz ^1.0.0, foo 1.0.0 needs baz 1.0.0.",
      "So, because your selection needs both baz ^2.0.0 and foo, no versions fit.",
      "baz 1.0.0 fits, with everything else as you asked.",
      "In selection.yaml:4 write   baz: ^1.0.0",
    ]
  `)
})

test('each version that fails is told with its reason', () => {
  expect(
    told(
      {
        foo: {
          '1.0.0': { plugins: { bar: '*' } },
          '1.0.1': { plugins: { baz: '*' } },
          '1.0.2': { plugins: { bang: '*' } },
        },
      },
      { foo: '*' },
    ),
  ).toMatchInlineSnapshot(`
    [
      "No set of versions fits this selection.",
      "Because foo 1.0.0 needs bar, which no source has, and foo 1.0.1 needs baz, which no source has, foo <=1.0.1 cannot be chosen.",
      "So, because foo 1.0.2 needs bang, which no source has, and your selection needs foo, no versions fit.",
      "Take foo out, in selection.yaml:4.",
    ]
  `)
})

test('unrelated reasons are told at once, each with its own way out', () => {
  expect(
    told(
      {
        a: { '1.0.0': { plugins: { shared: '^1.0.0' } } },
        b: { '1.0.0': {}, '2.0.0': { plugins: { shared: '^2.0.0' } } },
        shared: all('1.0.0 2.0.0'),
        c: all('1.0.0'),
      },
      { a: '*', b: '^2.0.0', c: '^2.0.0', d: '*' },
    ),
  ).toMatchInlineSnapshot(`
    [
      "No source has a plugin named d.",
      "In selection.yaml:7 write   a: '*'",
      "No version of c fits ^2.0.0.",
      "Because your selection needs c ^2.0.0, and the sources have c 1.0.0, no versions fit.",
      "c 1.0.0 fits, with everything else as you asked.",
      "In selection.yaml:6 write   c: ^1.0.0",
      "No set of versions fits this selection.",
      "Because a 1.0.0 needs shared ^1.0.0 and b 2.0.0 needs shared ^2.0.0, a is incompatible with b 2.0.0.",
      "So, because your selection needs both a and b ^2.0.0, no versions fit.",
      "b 1.0.0 fits, with everything else as you asked.",
      "In selection.yaml:5 write   b: ^1.0.0",
    ]
  `)
})

test('where one change is not enough, those that are enough together', () => {
  expect(
    told(
      {
        a: all('1.0.0 2.0.0', (version) => ({ plugins: { shared: version } })),
        b: all('1.0.0 2.0.0', (version) => ({ plugins: { shared: version } })),
        c: all('1.0.0 2.0.0', (version) => ({
          plugins: { shared: version === '1.0.0' ? '2.0.0' : '1.0.0' },
        })),
        shared: all('1.0.0 2.0.0'),
      },
      { a: '^2.0.0', b: '^1.0.0', c: '^2.0.0' },
    ),
  ).toMatchInlineSnapshot(`
    [
      "No set of versions fits this selection.",
      "Because a 2.0.0 needs shared 2.0.0 and b 1.0.0 needs shared 1.0.0, a 2.0.0 is incompatible with b 1.0.0.",
      "So, because your selection needs both a ^2.0.0 and b ^1.0.0, no versions fit.",
      "a 1.0.0 fits, with everything else as you asked.",
      "In selection.yaml:4 write   a: ^1.0.0",
    ]
  `)
})

test('locked versions are never given as a reason', () => {
  expect(
    told(
      { foo: { '1.0.0': { plugins: { bar: '>=2.0.0' } } }, bar: all('1.0.0 2.0.0') },
      { foo: '*', bar: '<2.0.0' },
      {
        locked: new Map([
          ['foo', '1.0.0'],
          ['bar', '2.0.0'],
        ]),
      },
    ),
  ).toMatchInlineSnapshot(`
    [
      "No set of versions fits this selection.",
      "Because foo 1.0.0 needs bar >=2.0.0 and your selection needs bar <2.0.0, no version of foo can be chosen.",
      "So, because your selection needs foo, no versions fit.",
      "bar 2.0.0 fits, with everything else as you asked.",
      "In selection.yaml:4 write   bar: ^2.0.0",
    ]
  `)
})

test('an older release because of core is said, an override as well', () => {
  const shop = {
    foo: { '1.0.0': {}, '2.0.0': { core: '^2.0.0' } },
    bar: { '1.0.0': { core: '^9.0.0' } },
  }
  const catalog = { core: { version: '1.4.0' }, releases: releasesOf(shop) }
  const { notices } = resolve(
    selectionOf({ foo: '*', bar: '^3.0.0' }, { overrides: { bar: '1.0.0' } }),
    catalog,
  )
  expect(notices).toEqual([
    'bar 1.0.0: the selection overrides what others ask of it, and what it asks of core',
    'foo 1.0.0, for foo 2.0.0 needs core ^2.0.0',
  ])
})

test('a search without an end in sight is given up', () => {
  const pigeons = Array.from({ length: 12 }, (_, at) => `pigeon-${at}`)
  const holes = Object.fromEntries(
    pigeons.slice(1).map((_, at) => [`${at + 1}.0.0`, { exclusive: [`hole-${at}`] }]),
  )
  expect(
    told(
      Object.fromEntries(pigeons.map((name) => [name, holes])),
      Object.fromEntries(pigeons.map((name) => [name, '*'])),
    ),
  ).toEqual([
    'No set of versions was found for selection.yaml, and the search was given up.',
    'So many plugins exclude one another in so many versions that trying all of it has no end in sight.',
    'Narrow the ranges of the plugins that matter most, in the selection, to one version each.',
  ])
})
