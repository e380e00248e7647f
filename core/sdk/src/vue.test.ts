import { afterEach, expect, test, vi } from 'vitest'
import type { AnyRoute } from './server.ts'
import { setCsrfToken, useApi, waitForSignIn, type ApiError } from './vue.ts'

const asked: string[] = []
/** A server that answers with these, one after the other. */
function answering(...statuses: readonly number[]) {
  asked.length = 0
  vi.stubGlobal('fetch', async (path: string, { method, headers }: RequestInit) => {
    asked.push(`${method} ${path} ${new Headers(headers).get('x-csrf-token')}`)
    const status = statuses[asked.length - 1] ?? 500
    return Response.json({ title: 'told', status }, { status })
  })
}
const api = useApi<Record<'POST /votes', AnyRoute>>('ratings')
const vote = () =>
  api('POST /votes', {}).catch((error: unknown) => (error as ApiError).problem.status) // it rejects with no other
afterEach(() => {
  vi.unstubAllGlobals()
  waitForSignIn(() => Promise.reject(new Error('nobody signs in')))
  setCsrfToken('')
})

test('a plugin’s call that finds the session over waits for who signs in again, and is made once more', async () => {
  setCsrfToken('old')
  waitForSignIn(async () => {
    setCsrfToken('new')
  })
  answering(401, 200)
  expect([await vote(), asked]).toEqual([
    { title: 'told', status: 200 },
    ['POST /api/plugins/ratings/votes old', 'POST /api/plugins/ratings/votes new'],
  ])
  answering(401, 401, 200)
  expect([await vote(), asked.length]).toEqual([401, 2])
  answering(403, 200)
  expect([await vote(), asked.length]).toEqual([403, 1])
})

test('where nobody signs in again, it fails with what was answered', async () => {
  waitForSignIn(() => Promise.reject(new Error('nobody signs in')))
  answering(401, 200)
  expect([await vote(), asked.length]).toEqual([401, 1])
})

test('what only reads is asked once more where the network breaks it off, and nothing else is', async () => {
  const read = useApi<Record<'GET /votes', AnyRoute>>('ratings')
  asked.length = 0
  vi.stubGlobal('fetch', async (path: string, { method }: RequestInit) => {
    asked.push(`${method} ${path}`)
    if (asked.length % 2 === 1) throw new TypeError('Failed to fetch')
    return Response.json({ votes: 1 })
  })
  expect([await read('GET /votes'), asked]).toEqual([
    { votes: 1 },
    ['GET /api/plugins/ratings/votes', 'GET /api/plugins/ratings/votes'],
  ])
  asked.length = 0
  expect([await vote(), asked]).toEqual([0, ['POST /api/plugins/ratings/votes']])
})
