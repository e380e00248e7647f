import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { outageOf } from '@bitcartcc/domain/outage'
import { schemaRule } from '@bitcartcc/domain/schema-words'
import type { HttpProblem } from '@bitcartcc/sdk/resources'
import { HttpError, type Log } from '@bitcartcc/sdk/server'
import { addSecurityHeaders } from './security.ts'

// Not imported: that would load Node’s whole HTTP client at every start.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

const problemWith = (
  status: number,
  detail?: string,
  errors?: HttpProblem['errors'],
): HttpProblem => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  ...(detail === undefined ? {} : { detail }),
  ...(errors === undefined ? {} : { errors }),
})

/** Answers every error as RFC 9457 problem+json; what is our fault is logged, and says nothing of itself. */
export function answerWithProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError | HttpError, request, reply) =>
    send(reply, problemOf(error, request, log)),
  )
}

/** What an error is answered with; what is our fault is logged. */
export function problemOf(error: unknown, request: FastifyRequest, log: Log): HttpProblem {
  const problem = toProblem(error as FastifyError | HttpError) // what throws something else throws no error
  if (problem.status >= 500)
    log.error('request failed', {
      request: request.id,
      path: request.routeOptions.url,
      error: error instanceof Error ? error.stack : String(error),
    })
  return problem
}

/** Answers an address that reaches no route and no hook: badly encoded, or with a part longer than any of ours. */
export function answerBadAddress(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  addSecurityHeaders(request, reply)
  const isTooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH'
  send(
    reply,
    isTooLong ? nothingHere : problemWith(400, 'This address is not encoded as addresses are.'),
  )
}

const send = (reply: FastifyReply, problem: HttpProblem) =>
  reply
    .code(problem.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(problem))

/** The answer to a path that is not there. */
export const notFound = (): string => JSON.stringify(nothingHere)
const nothingHere = problemWith(404, 'There is nothing here.')

function toProblem(error: FastifyError | HttpError): HttpProblem {
  if (error instanceof HttpError)
    return problemWith(error.status, error.message, error.errors && [...error.errors])
  if (error.validation)
    return problemWith(
      422,
      'Some fields do not fit.',
      error.validation.map((fault) => ({
        field: fieldOf(fault.instancePath, fault.params) || (error.validationContext ?? 'body'),
        says: schemaRule(fault),
      })),
    )
  const outage = outageOf(error)
  if (outage !== undefined) return problemWith(503, outage)
  const status = error.statusCode ?? 500
  return status < 500
    ? problemWith(status, error.message)
    : problemWith(500, 'Something went wrong on our side.')
}

function fieldOf(instancePath: string, params: Record<string, unknown>): string {
  const extra = params['missingProperty'] ?? params['additionalProperty']
  const path = instancePath.split('/').filter((part) => part !== '')
  return [...path, ...(typeof extra === 'string' ? [extra] : [])].join('.')
}
