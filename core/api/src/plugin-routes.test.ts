import { beforeAll, expect, test } from 'vitest'
import { owner, useShop } from './test-support.ts'

const shop = useShop()
const letters = '/api/plugins/guestbook/letters'
beforeAll(async () => {
  await shop.domain.users.create({ ...owner, permissions: [] })
}, 60_000)

test('a raw route of a plugin gets the very bytes and the signature, and nobody’s credentials', async () => {
  const session = await shop.domain.sessions.create((await shop.domain.users.list())[0]?.id ?? '')
  const sent = async (payload: Buffer, headers: object = {}) => {
    const answer = await shop.app.inject({
      method: 'POST',
      url: letters,
      payload,
      headers: { ...headers },
    })
    return [answer.statusCode, answer.json()]
  }
  const signed = { 'x-signature': 'v1=abc', 'content-type': 'application/json' }
  const json = Buffer.from('{ "spaced":  1 }')
  expect([
    await sent(json, signed),
    await sent(Buffer.from([0, 255, 10]), { 'content-type': 'image/png' }),
    await sent(Buffer.alloc(0)),
    (await sent(Buffer.alloc(101), { 'content-type': 'image/png' }))[0],
    (await sent(json, { ...signed, cookie: `session=${session}` }))[0],
    await sent(json, { ...signed, cookie: 'visitor=me' }),
  ]).toEqual([
    [200, { bytes: [...json], type: 'application/json', signature: 'v1=abc', leaked: '' }],
    [200, { bytes: [0, 255, 10], type: 'image/png', signature: '', leaked: '' }],
    [200, { bytes: [], type: '', signature: '', leaked: '' }],
    413,
    403,
    [200, { bytes: [...json], type: 'application/json', signature: 'v1=abc', leaked: '' }],
  ])
})

test('a stream of a plugin is events that hold no more than their schema names; what fails first is a problem', async () => {
  const desk = await shop.signedIn(owner)
  const pages = await desk.send('GET', '/api/plugins/guestbook/pages/8')
  expect([pages.headers['content-type'], pages.body]).toEqual([
    'text/event-stream; charset=utf-8',
    'data: {"page":8}\n\ndata: {"page":9}\n\n',
  ])
  expect((await desk.send('GET', '/api/plugins/guestbook/pages/10')).body).toMatchObject({
    status: 404,
    detail: 'There are nine pages.',
  })
})
