import { expect, test } from 'vitest'
import { changeOf, filterOf, partsOf, textOf } from './noted.ts'

test('what is edited as text keeps its kind, and what is taken out is gone', () => {
  const before = { supplier: 'Acme', weight: 0.35, tags: ['new'], old: 'x', code: '12' }
  const drafts = [
    { key: 'supplier', text: 'Clay & Sons', was: 'Acme' },
    { key: 'weight', text: '0.5', was: 0.35 },
    { key: 'tags', text: '["new","blue"]', was: ['new'] },
    { key: 'code', text: '13', was: '12' },
    { key: ' shelf ', text: '7', was: undefined },
    { key: '', text: 'nowhere', was: undefined },
  ]
  expect(changeOf(before, drafts)).toEqual({
    old: null,
    supplier: 'Clay & Sons',
    weight: 0.5,
    tags: ['new', 'blue'],
    code: '13',
    shelf: '7',
  })
  expect(changeOf({ weight: 1 }, [{ key: 'weight', text: 'heavy', was: 1 }])).toEqual({
    weight: 'heavy',
  })
  expect([textOf('a'), textOf(['a'])]).toEqual(['a', '["a"]'])
})

test('a value leads to the records of which the same is noted, a list does not', () => {
  const filter = filterOf('batch-import', 'import', '12')
  expect(filter).toBe('batch-import.import:12')
  expect(partsOf('merchant.hours:9:00')).toEqual({ name: 'merchant.hours', value: '9:00' })
  expect(filterOf('merchant', 'tags', ['new'])).toBeUndefined()
})
