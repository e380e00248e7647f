import { expect, test } from 'vitest'
import { germanOf, places, saidIn } from './support/text-places.ts'
import { textsOf } from './support/texts.ts'

/** What both apps show stands with the kit, and in no other place. */
const [kit] = places
const inKit = new Set(kit ? saidIn(kit).map(({ english }) => english) : [])

test.each(places)('every text of $name goes through t', ({ pages }) => {
  expect(pages.flatMap((file) => textsOf(file).bare)).toEqual([])
})

test.each(places)('$name is whole in German, and says nothing that nobody shows', (place) => {
  const isElsewhere = (english: string) =>
    place !== kit && place.name.startsWith('core/') && inKit.has(english)
  const german = germanOf(place)
  const said = saidIn(place).filter(({ english }) => !isElsewhere(english))
  const wanted = new Set(said.map(({ english }) => english))
  const plural = new Set(said.filter(({ isPlural }) => isPlural).map(({ english }) => english))
  expect({
    lacking: [...wanted].filter((english) => !(english in german)),
    unused: Object.keys(german).filter((english) => !wanted.has(english)),
    withoutForms: [...plural].filter((english) => typeof german[english] === 'string'),
    sorted: Object.keys(german),
  }).toEqual({
    lacking: [],
    unused: [],
    withoutForms: [],
    sorted: Object.keys(german).toSorted(),
  })
})
