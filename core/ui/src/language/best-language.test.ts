import { expect, test } from 'vitest'
import { bestOf } from './best-language.ts'

test('a reader gets the first language they want that is there, in their region’s form where there is one', () => {
  const offered = ['en', 'de', 'de-AT', 'pt-BR']
  const best = (...wanted: string[]) => bestOf(offered, wanted)
  expect({
    exact: best('de-AT', 'de'),
    anotherRegion: best('de-CH', 'de'),
    theOnlyRegion: best('pt-PT'),
    second: best('fr-FR', 'fr', 'de'),
    english: best('en-GB', 'de'),
    none: best('ja'),
  }).toEqual({
    exact: 'de-AT',
    anotherRegion: 'de',
    theOnlyRegion: 'pt-BR',
    second: 'de',
    english: 'en',
    none: 'en',
  })
})
