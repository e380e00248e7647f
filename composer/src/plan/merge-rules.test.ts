import { expect, test } from 'vitest'
import { merge } from './merge-rules.ts'
import { plainOf, sourced } from './sourced.ts'

const from = (by: string, value: unknown) => sourced(value, () => ({ by, at: `${by}:1` }))
function merged(rule: Parameters<typeof merge>[0], a: unknown, b: unknown, path = 'path') {
  const done = merge(rule, from('a', a), from('b', b), path)
  return 'node' in done ? plainOf(done.node) : done.clash.sides.map(({ by, value }) => [by, value])
}

test.each([
  ['same', 'x', 'x', 'x'],
  [
    'same',
    'x',
    'y',
    [
      ['a', 'x'],
      ['b', 'y'],
    ],
  ],
  [
    'same',
    ['x'],
    ['y'],
    [
      ['a', ['x']],
      ['b', ['y']],
    ],
  ],
  ['union', ['b', 'a'], ['c', 'a'], ['a', 'b', 'c']],
  [
    'union',
    [{ source: 'x', target: '/data' }],
    [{ source: 'y', target: '/data' }],
    [
      ['a', { source: 'x', target: '/data' }],
      ['b', { source: 'y', target: '/data' }],
    ],
  ],
  ['join', 'one,two', 'two,three', 'one,two,three'],
  ['join-lines', 'one', 'two', 'one\ntwo'],
  ['max', '900m', '1g', '1g'],
  ['max', '1024k', '1m', '1024k'],
  ['min', '0.5', '0.25', '0.25'],
  [
    'max',
    '1g',
    'much',
    [
      ['a', '1g'],
      ['b', 'much'],
    ],
  ],
] as const)('%s of %j and %j', (rule, a, b, result) => {
  expect(merged(rule, a, b)).toEqual(result)
})

test.each([
  ['service_started', 'service_healthy', 'service_healthy'],
  ['service_completed_successfully', 'service_started', 'service_completed_successfully'],
  [
    'service_healthy',
    'service_completed_successfully',
    [
      ['a', 'service_healthy'],
      ['b', 'service_completed_successfully'],
    ],
  ],
])('who waits for %s and for %s', (a, b, result) => {
  expect(merged('same', a, b, 'depends_on.store.condition')).toEqual(result)
})

test('a joined value tells of every part, a maximum what it passed', () => {
  const one = merge('join', from('a', 'x'), from('b', 'y'), '')
  const two = 'node' in one ? merge('join', one.node, from('c', 'z'), '') : one
  expect(two).toEqual({
    node: {
      kind: 'leaf',
      value: 'x,y,z',
      origin: {
        by: 'a',
        at: 'a:1',
        as: 'join',
        from: ['a', 'b', 'c'].map((by) => ({ by, at: `${by}:1` })),
      },
    },
  })
  expect(merge('max', from('a', '1m'), from('b', '2m'), '')).toEqual({
    node: {
      kind: 'leaf',
      value: '2m',
      origin: { by: 'b', at: 'b:1', as: 'max', from: [{ by: 'a', at: 'a:1' }] },
    },
  })
})
