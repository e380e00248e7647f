import { expect, test } from 'vitest'
import { withImage } from './docker-compose.ts'

test('a service that was built runs the image, one that was forced elsewhere and a foreign one stay', () => {
  const file = `services:
  api: { build: { context: . }, image: "shop:latest", restart: "no" }
  proxy: { image: caddy:2-alpine }
  worker: { build: { context: . }, image: mine:1 }
volumes: { data: {} }
`
  expect(withImage(file, 'shop', 'localhost/shop:0123')).toBe(`services:
  api:
    image: localhost/shop:0123
    pull_policy: never
    restart: "no"
  proxy:
    image: caddy:2-alpine
  worker:
    image: mine:1
volumes:
  data: {}`)
})
