import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { databases } from '@bitcartcc/domain/test-support'
import type { Log } from '@bitcartcc/sdk/server'
import { answerWithProblems } from './problems.ts'

test('a database without room, or away, is answered as such and logged; a bug says nothing of itself', async () => {
  const at = await databases[0]?.open()
  if (!at) throw new Error('there is an embedded database')
  onTestFinished(at.close)
  const logged: string[] = []
  const log: Log = { info() {}, warn() {}, error: (text) => logged.push(text) }
  const app = fastify()
  answerWithProblems(app, log)
  app.get('/:code', async (request) => {
    const { code } = request.params as { code: string } // of the path above
    await at.database.pool.query(`do $$ begin raise exception using errcode = '${code}'; end $$`)
  })
  const asked = async (code: string) => {
    const answer = await app.inject(`/${code}`)
    return [answer.statusCode, answer.headers['content-type'], answer.json<object>()]
  }
  const problem = (status: number, title: string, detail: string) => [
    status,
    'application/problem+json; charset=utf-8',
    { type: 'about:blank', title, status, detail },
  ]
  const away = 'Service Unavailable'
  const isFull = 'The disk of the database is full: nothing can be stored until there is room.'
  expect([await asked('53100'), await asked('57P01'), await asked('42P01')]).toEqual([
    problem(503, away, isFull),
    problem(503, away, 'The database does not answer at the moment. Try again shortly.'),
    problem(500, 'Internal Server Error', 'Something went wrong on our side.'),
  ])
  expect(logged).toEqual(['request failed', 'request failed', 'request failed'])
})
