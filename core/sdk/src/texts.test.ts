import { expect, test } from 'vitest'
import { computed } from 'vue'
import { language, speak, useTexts, type Texts } from './texts.ts'

const stars = { one: '{count} star', other: '{count} stars' }

test('a text is shown in the chosen language, else in English, each with the plurals of its own', () => {
  const t = useTexts('ratings')
  const shown = computed(() => [
    t('Rate it'),
    t('Nobody translated {name}', { name: 'this' }),
    t(stars, { count: 1 }),
    t(stars, { count: 12_345.5 }),
    t({ one: '{count} vote', other: '{count} votes' }, { count: 1 }),
    t('constructor'),
  ])
  const english = [
    'Rate it',
    'Nobody translated this',
    '1 star',
    '12,345.5 stars',
    '1 vote',
    'constructor',
  ]
  expect({ language: language.value, shown: shown.value }).toEqual({
    language: 'en',
    shown: english,
  })
  speak(
    'pl',
    'pl',
    new Map<string, Texts>([
      [
        'ratings',
        {
          'Rate it': 'Oceń',
          '{count} stars': { one: 'gwiazdka', few: '{count} gwiazdki', other: '{count} gwiazdek' },
        },
      ],
      ['core', { '{count} vote': 'not of this plugin' }],
    ]),
  )
  expect({ language: language.value, shown: shown.value, few: t(stars, { count: 3 }) }).toEqual({
    language: 'pl',
    shown: [
      'Oceń',
      'Nobody translated this',
      'gwiazdka',
      '12 345,5 gwiazdek'.replace(' ', '\u00a0'),
      '1 vote',
      'constructor',
    ],
    few: '3 gwiazdki',
  })
  speak('en', 'en', new Map())
  expect(shown.value).toEqual(english)
})
