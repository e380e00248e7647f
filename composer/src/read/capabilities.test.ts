import { expect, test } from 'vitest'
import type { Manifest } from '@bitcartcc/sdk/manifest'
import { capabilitiesOf } from './capabilities.ts'

const ofFragment = (text: string) =>
  capabilitiesOf(new Map([['services/docker-compose.yml', Buffer.from(text)]]), {
    contributes: { services: './services/docker-compose.yml' },
  } as Manifest) // nothing else of it is asked

test('the names of a fragment are texts, as where it is merged', () => {
  expect(
    ofFragment(
      'services: { 01: { image: a, ports: ["80:80"] } }\nvolumes: { 1.10: { external: true } }\n',
    ),
  ).toEqual(['image a', 'port 80:80', 'privilege external-volume:1.10', 'service 01'])
})

test('a fragment that cannot be read tells nothing: it is refused where it is merged', () => {
  expect(['a: 1\na: 2\n', 'services: { x: { image: !shop a } }\n'].map(ofFragment)).toEqual([
    [],
    [],
  ])
})
