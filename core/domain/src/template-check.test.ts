import { expect, test } from 'vitest'
import { sampleOf, templateFaults, variablesIn } from './template-check.ts'
import { templateOf } from './templates.ts'

const schema = {
  type: 'object',
  properties: {
    store: { type: 'string', examples: ['Tea & more'] },
    number: { type: 'integer' },
    isPaid: { type: 'boolean' },
    address: { type: 'object', properties: { city: { type: 'string', title: 'Leeds' } } },
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { examples: ['Mug', 'Board'] }, total: { default: '2.50' } },
      },
    },
  },
}
const told = (text: string) =>
  templateFaults(text, schema).map(({ line, says }) => `line ${line} ${says}`)

test('a template that shows what is declared is taken, and shows it', () => {
  const text = `{{store}} {{number}} {{address.city}}{{#if isPaid}} paid{{else}} open{{/if}}
{{#each items}}{{@index}} {{name}} {{total}} of {{../store}}
{{else}}nothing{{/each}}{{! a note }}{{items.length}} {{{this.store}}}`
  expect(told(text)).toEqual([])
  expect(templateOf(text)(sampleOf(schema) as object)).toBe(
    'Tea & more 1 Leeds paid\n0 Mug 2.50 of Tea & more\n1 Board 2.50 of Tea & more\n2 Tea & more',
  )
  expect(variablesIn(schema)).toEqual([
    'store',
    'number',
    'isPaid',
    'address.city',
    'items[].name',
    'items[].total',
  ])
})

test('all that a template cannot say is told at once, each with its line', () => {
  expect(
    told(`{{titel}}
{{#each items}}{{price}} {{../nothing}}{{/each}}
{{upper store}} {{address}} {{items}}
{{> footer}} {{#with address}}{{city}}{{/with}}
{{#each store}}{{/each}} {{#if}}{{/if}}
{{@root.store}} {{../store}} {{constructor}} {{store.length}} {{__proto__.x}}`),
  ).toEqual([
    'line 1 has no variable titel. There are: store, number, isPaid, address, items',
    'line 2 has no variable price. There are: name, total',
    'line 2 has no variable ../nothing. There are: store, number, isPaid, address, items',
    'line 3 calls upper: there are no helpers but #if, #unless, #each',
    'line 3 shows address, which has parts: city',
    'line 3 shows items, which is a list: write {{#each items}}',
    'line 4 takes in another template, which is not possible here',
    'line 4 has {{#with}}: there are no blocks but #if, #unless, #each',
    'line 5 goes through store, which is no list',
    'line 5 must name one variable after #if',
    'line 6 has no variable @root.store',
    'line 6 has no variable ../store: it goes further up than there is',
    'line 6 has no variable constructor. There are: store, number, isPaid, address, items',
    'line 6 has no variable store.length. There are: store, number, isPaid, address, items',
    'line 6 has no variable __proto__.x. There are: store, number, isPaid, address, items',
  ])
  expect([
    told('one\n{{#if isPaid}}\ntwo'),
    told('one\n{{#if isPaid}}{{/each}}'),
    told('{{{{'),
  ]).toEqual([
    ['line 3 has braces or blocks that do not fit together'],
    ['line 2 has braces or blocks that do not fit together'],
    ['line 1 has braces or blocks that do not fit together'],
  ])
})

test('where nothing is declared every name is taken', () => {
  expect(templateFaults('{{anything}} {{#each list}}{{of.it}}{{/each}}', {})).toEqual([])
})
