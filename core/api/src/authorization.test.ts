import { describe, expect, test } from 'vitest'
import type { InjectOptions } from 'fastify'
import { databases } from '@bitcartcc/domain/test-support'
import type { User } from '@bitcartcc/sdk/resources'
import { roles, storePermissions, type Role } from '@bitcartcc/sdk/rights'
import { count, isLong } from '../../../test/counts.ts'
import { randomFrom, seed } from '../../../test/support/random.ts'
import { csrfTokenOf } from './http/cookies.ts'
import { openApi } from './openapi.ts'
import { allPermissions } from './permissions.ts'
import { requestFor, type Asker } from './test-requests.ts'
import { distribution, owner, useShop, wiring, type Shop } from './test-support.ts'

/**
 * Who may do what: the answer to a well-formed request for something that is there, in the first store.
 *
 * `nobody` is not signed in, `user` holds no right, the permission is the one that opens it, and with it (or as
 * administrator) the answer is `with it`; what stands after a stroke is for who holds it and nothing else. `role` is the
 * least one of the store that opens it as well, and `elsewhere` what such a member of another store gets; without a role,
 * all members are as users who hold no right. A token answers as its user does, where `tokens` does not say otherwise.
 */
const table = `
  operation                                                   nobody  user  permission       with it  role     elsewhere  tokens
  GET    /api/session                                         200     200   -                200      -        -          -
  POST   /api/session                                         200     200   -                200      -        -          -
  DELETE /api/session                                         204     204   -                204      -        -          -
  GET    /api/users                                           401     403   users.manage     200      -        -          -
  POST   /api/users                                           401     403   users.manage     201      -        -          -
  PATCH  /api/users/{id}                                      401     403   users.manage     200      -        -          -
  DELETE /api/users/{id}                                      401     403   users.manage     204      -        -          -
  GET    /api/metadata-keys                                   401     200   -                200      -        -          -
  GET    /api/permissions                                     401     200   -                200      -        -          -
  GET    /api/tokens                                          401     200   -                200      -        -          -
  POST   /api/tokens                                          401     201   -                201      -        -          403
  DELETE /api/tokens/{id}                                     401     204   -                204      -        -          -
  GET    /api/stores                                          200     200   -                200      -        -          -
  GET    /api/stores/{id}                                     200     200   -                200      -        -          -
  POST   /api/stores                                          401     403   stores.manage    201      -        -          -
  PATCH  /api/stores/{id}                                     401     403   stores.manage    200      owner    403        -
  GET    /api/stores/{id}/checkout                            200     200   -                200      -        -          -
  GET    /api/theme.css                                       200     200   -                200      -        -          -
  PUT    /api/stores/{id}/logo                                401     403   stores.manage    200      owner    403        -
  DELETE /api/stores/{id}/logo                                401     403   stores.manage    200      owner    403        -
  GET    /api/stores/{id}/members                             401     403   members.manage   200      owner    403        -
  POST   /api/stores/{id}/members                             401     403   members.manage   201/403  owner    403        -
  PATCH  /api/stores/{id}/members/{userId}                    401     403   members.manage   200/403  owner    403        -
  DELETE /api/stores/{id}/members/{userId}                    401     403   members.manage   204/403  owner    403        -
  GET    /api/products                                        200     200   -                200      -        -          -
  GET    /api/categories                                      200     200   -                200      -        -          -
  GET    /api/products/export                                 401     403   products.view    200      viewer   200        -
  GET    /api/products/{id}                                   200     200   -                200      -        -          -
  POST   /api/products                                        401     403   products.manage  201      manager  403        -
  PATCH  /api/products/{id}                                   401     403   products.manage  200      manager  403        -
  DELETE /api/products/{id}                                   401     403   products.manage  204      manager  403        -
  POST   /api/products/bulk                                   401     403   products.manage  200      manager  200        -
  PUT    /api/products/{id}/image                             401     403   products.manage  200      manager  403        -
  DELETE /api/products/{id}/image                             401     403   products.manage  200      manager  403        -
  GET    /api/files/{id}                                      200     200   -                200      -        -          -
  POST   /api/carts                                           201     201   -                201      -        -          -
  GET    /api/carts/{id}                                      200     200   -                200      -        -          -
  PATCH  /api/carts/{id}                                      200     200   -                200      -        -          -
  PUT    /api/carts/{id}/items/{productId}                    200     200   -                200      -        -          -
  POST   /api/carts/{id}/checkout                             201     201   -                201      -        -          -
  GET    /api/invoices                                        401     403   invoices.view    200      viewer   200        -
  GET    /api/invoices/export                                 401     403   invoices.view    200      viewer   200        -
  GET    /api/invoices/{id}                                   200     200   -                200      -        -          -
  GET    /api/invoices/{id}/events                            200     200   -                200      -        -          -
  PATCH  /api/invoices/{id}                                   401     403   invoices.manage  200      manager  403        -
  POST   /api/invoices/{id}/mark-paid                         401     403   invoices.manage  200      manager  403        -
  POST   /api/invoices/{id}/invalidate                        401     403   invoices.manage  200      manager  403        -
  POST   /api/invoices/{id}/refund                            401     403   invoices.manage  200      manager  403        -
  POST   /api/invoices/bulk                                   401     403   invoices.manage  200      manager  200        -
  POST   /api/invoices/{id}/payment-method                    200     200   -                200      -        -          -
  GET    /api/dashboard                                       401     403   invoices.view    200      viewer   200        -
  GET    /api/payment-methods                                 200     200   -                200      -        -          -
  GET    /api/stores/{id}/payment-accounts                    401     403   payments.manage  200      owner    403        -
  POST   /api/stores/{id}/payment-accounts/{method}/preview   401     403   payments.manage  200      owner    403        -
  PUT    /api/stores/{id}/payment-accounts/{method}           401     403   payments.manage  200      owner    403        -
  GET    /api/rates/{base}/{quote}                            401     403   payments.manage  200      owner    200        -
  GET    /api/webhook-events                                  401     403   webhooks.manage  200      owner    200        -
  GET    /api/stores/{id}/webhooks                            401     403   webhooks.manage  200      owner    403        -
  POST   /api/stores/{id}/webhooks                            401     403   webhooks.manage  201      owner    403        -
  PATCH  /api/webhooks/{id}                                   401     403   webhooks.manage  200      owner    403        -
  DELETE /api/webhooks/{id}                                   401     403   webhooks.manage  204      owner    403        -
  GET    /api/webhooks/{id}/deliveries                        401     403   webhooks.manage  200      owner    403        -
  POST   /api/webhook-deliveries/{id}/redeliver               401     403   webhooks.manage  201      owner    403        -
  GET    /api/notice-channels                                 401     403   notices.manage   200      owner    200        -
  GET    /api/stores/{id}/notices                             401     403   notices.manage   200      owner    403        -
  POST   /api/stores/{id}/notices                             401     403   notices.manage   201      owner    403        -
  POST   /api/stores/{id}/notices/test                        401     403   notices.manage   204      owner    403        -
  PATCH  /api/notices/{id}                                    401     403   notices.manage   200      owner    403        -
  DELETE /api/notices/{id}                                    401     403   notices.manage   204      owner    403        -
  GET    /api/notices/{id}/messages                           401     403   notices.manage   200      owner    403        -
  POST   /api/notice-messages/{id}/resend                     401     403   notices.manage   200      owner    403        -
  GET    /api/stores/{id}/texts                               401     403   notices.manage   200      owner    403        -
  POST   /api/stores/{id}/texts/{plugin}/{name}/preview       401     403   notices.manage   200      owner    403        -
  PUT    /api/stores/{id}/texts/{plugin}/{name}               401     403   notices.manage   200      owner    403        -
  GET    /api/audit                                           401     403   audit.view       200      -        -          -
  GET    /api/jobs                                            401     403   jobs.manage      200      -        -          -
  GET    /api/jobs/counts                                     401     403   jobs.manage      200      -        -          -
  GET    /api/jobs/schedules                                  401     403   jobs.manage      200      -        -          -
  POST   /api/jobs/run-again                                  401     403   jobs.manage      200      -        -          -
  POST   /api/jobs/{id}/run-again                             401     403   jobs.manage      200      -        -          -
  DELETE /api/jobs/{id}                                       401     403   jobs.manage      204      -        -          -
  POST   /api/jobs/bulk                                       401     403   jobs.manage      200      -        -          -
  GET    /api/settings                                        401     403   settings.manage  200      -        -          -
  PUT    /api/settings/{plugin}/{key}                         401     403   settings.manage  200      -        -          -
  GET    /api/stores/{id}/settings                            401     403   stores.configure  200      manager  403        -
  PUT    /api/stores/{id}/settings/{plugin}/{key}             401     403   stores.configure  200      manager  403        -
  GET    /api/profile/settings                                401     200   -                200      -        -          -
  PUT    /api/profile/settings/{plugin}/{key}                 401     200   -                200      -        -          -
  GET    /api/distribution                                    200     200   -                200      -        -          -
  GET    /api/plugins/guestbook                               401     403   guestbook.read   200      -        -          -
  POST   /api/plugins/guestbook/entries/{page}                200     200   -                200      -        -          -
  POST   /api/plugins/guestbook/letters                       200     200   -                200      -        -          -
  GET    /api/plugins/guestbook/pages/{from}                  401     403   guestbook.read   200      -        -          -
  GET    /api/plugins/guestbook/break                         500     500   -                500      -        -          -
`

/** What belongs to somebody: the answer to its owner, to another who holds the permission, and to the administrator. */
const foreign = `
  operation                           of              holder  administrator
  DELETE /api/tokens/{id}             oneself         204     204
  DELETE /api/tokens/{id}             another user    404     404
  PATCH  /api/users/{id}              oneself         200     200
  PATCH  /api/users/{id}              another user    200     200
  PATCH  /api/users/{id}              administrator   403     200
  DELETE /api/users/{id}              another user    204     204
  DELETE /api/users/{id}              administrator   403     204
`

const cells = (text: string) =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => /^(\w+) +(\S+) +(.*)$/.exec(line.trim()) ?? [])
    .map(([, method = '', path = '', rest = '']): string[] => [
      `${method} ${path}`,
      ...rest.split(/ {2,}/),
    ])
const rows = cells(table).map(
  ([
    operation = '',
    nobody,
    user,
    permission = '',
    withIt = '',
    role = '-',
    elsewhere,
    tokens,
  ]) => ({
    operation,
    nobody: Number(nobody),
    user: Number(user),
    permission,
    withIt: Number(withIt.split('/')[0]),
    alone: Number(withIt.split('/').at(-1)),
    role: roles.find((each) => each === role),
    elsewhere: Number(elsewhere),
    tokens: tokens === '-' ? undefined : Number(tokens),
  }),
)

interface Operation {
  readonly description?: string
}
const document = JSON.parse(JSON.stringify(openApi(wiring, distribution))) as {
  paths: Record<string, Record<string, Operation>>
} // made above
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, { description }]) => [`${method.toUpperCase()} ${path}`, description] as const,
  ),
)
const permissions = allPermissions(wiring.plugins).map(({ name }) => name)

test('every operation has its line, and the document names the permission of the line', () => {
  expect(rows.map(({ operation }) => operation).toSorted()).toEqual(
    operations.map(([operation]) => operation).toSorted(),
  )
  const described = new Map<string, string | undefined>(operations)
  // Open for the first user of all, and guarded by its handler from then on.
  const ofTheFirst = 'POST /api/users'
  const named = rows
    .filter(({ operation }) => operation !== ofTheFirst)
    .map((row) => [row.operation, described.get(row.operation)])
  expect(named).toEqual(
    rows
      .filter(({ operation }) => operation !== ofTheFirst)
      .map(({ operation, nobody, permission, role }) => [
        operation,
        permission === '-'
          ? nobody === 401
            ? 'Needs a signed-in user.'
            : undefined
          : `Needs the permission ${permission}${role ? ', in its store or in all' : ''}.`,
      ]),
  )
})

// Who may do what does not hang on where the rows are: the short run asks on the embedded database, the long one on a server.
const [embedded, server = embedded] = databases
describe.each([isLong ? server : embedded])('on $name', { timeout: 600_000 }, (database) => {
  const shop = useShop({}, database)

  test('each asker gets what the table says, at each operation', async () => {
    const askers = await askersOf(shop)
    const answers: string[] = []
    const wanted: string[] = []
    for (const row of [...rows.filter((each) => !opensStore(each)), ...rows.filter(opensStore)]) {
      let unused: Awaited<ReturnType<typeof requestFor>> | undefined
      for (const each of askers) {
        const { name, holds, isToken, isOfAdministrator, permission, member, ...asker } = each
        if (isLeftToTheLongRun(permission, row.permission)) continue
        if (member && isLongRunOnly(member, isToken, row)) continue
        if (isToken && !member && isLeftToTheOther(isOfAdministrator, row)) continue
        const isUser = holds !== undefined
        const mayDoIt = isUser && (row.permission === '-' || holds(row.permission))
        const isMember = member && row.role && roles.indexOf(member.role) <= roles.indexOf(row.role)
        const expected = !isUser
          ? row.nobody
          : isMember
            ? member.isElsewhere
              ? row.elsewhere
              : row.withIt
            : mayDoIt
              ? permission === row.permission
                ? row.alone
                : row.withIt
              : row.user
        const status = (isToken && row.tokens) || expected
        wanted.push(`${row.operation} by ${name}: ${status}`)
        const request = unused ?? (await requestFor(shop, row.operation, asker.user))
        const answer = await statusOf(shop, request, asker)
        // What was refused is still there for the next one.
        unused = [401, 403].includes(answer) && !isOfAsker(row) ? request : undefined
        answers.push(`${row.operation} by ${name}: ${answer}`)
      }
    }
    expect(answers, `COMPOSE_TEST_SEED=${start}`).toEqual(wanted)
  })

  test('a token that is none, and a page of another site, are refused everywhere', async () => {
    const desk = await shop.domain.users.list()
    const answers: unknown[] = []
    for (const { operation } of rows) {
      const request = await requestFor(shop, operation, desk[0])
      const forged = await sent(shop, { ...request, headers: { authorization: 'Bearer no' } })
      const session = await shop.domain.sessions.create(desk[0]?.id ?? '')
      const crossed = await sent(shop, { ...request, cookies: { session } })
      answers.push([operation, forged, crossed])
    }
    expect(answers).toEqual(
      rows.map(({ operation, withIt }) => [
        operation,
        401,
        operation.startsWith('GET ') || operation === 'POST /api/session' ? withIt : 403,
      ]),
    )
  })

  test('what is another’s stays another’s', async () => {
    const { users } = shop.domain
    const answers: string[][] = []
    for (const [operation = '', of = ''] of cells(foreign)) {
      const line: string[] = []
      for (const isAdministrator of [false, true]) {
        const asker = await shop.newUser(['users.manage'])
        const other = await shop.newUser()
        if (isAdministrator) await users.update(asker.id, { isAdministrator: true })
        if (of === 'administrator') await users.update(other.id, { isAdministrator: true })
        const request = await requestFor(shop, operation, of === 'oneself' ? asker : other, {
          isOfUser: true,
        })
        line.push(String(await statusOf(shop, request, sessionOf(asker))))
      }
      answers.push([operation, of, ...line])
    }
    expect(answers).toEqual(cells(foreign))
  })
})

/** Comes last: whoever opens a store owns it, and may do there what they could not before. */
const opensStore = ({ operation }: { readonly operation: string }) =>
  operation === 'POST /api/stores'

/** Asked for something of the asker's own. */
const isOfAsker = ({ operation }: { readonly operation: string }) =>
  operation === 'DELETE /api/tokens/{id}'

/** The short run asks with the right permission and with one that is wrong, the long run with every one. */
const isLeftToTheLongRun = (held: string | undefined, needed: string) =>
  held !== undefined && ![needed, 'distribution.view'].includes(held) && count(1, 0) === 1

/** The short run asks as the members of the store itself, and as one of another, where a role opens it; else as the owner. */
const isLongRunOnly = (
  { role, isElsewhere, isOfToken }: Member,
  isToken: boolean,
  row: { readonly permission: string; readonly role: Role | undefined },
) =>
  count(1, 0) === 1 &&
  (row.permission === '-' ||
    (isToken && !isOfToken) ||
    (row.role === undefined && (role !== 'owner' || isElsewhere || isToken)) ||
    (isElsewhere && role !== 'owner'))

interface Member {
  readonly role: Role
  readonly isElsewhere: boolean
  /** Not a person: a token of the administrator that names the store. */
  readonly isOfToken?: boolean
}

const start = seed()
const half = Math.floor(randomFrom(start)() * 2)

/** The short run asks with a token of the administrator or with one of another, in turn; the seed says who begins. */
const isLeftToTheOther = (isOfAdministrator = false, row: (typeof rows)[number]) =>
  count(1, 0) === 1 && (rows.indexOf(row) % 2 === half) !== isOfAdministrator

interface NamedAsker extends Asker {
  readonly name: string
  /** Absent for nobody. */
  readonly holds?: (permission: string) => boolean
  readonly isToken: boolean
  readonly isOfAdministrator?: boolean
  /** Where it is the only one. */
  readonly permission?: string
  /** Who they are in the first store, or in another. */
  readonly member?: Member
}

/** A session of its own for each request: signing out ends it. */
const sessionOf = (user: User): Asker => ({
  user,
  async headers(shop) {
    const session = await shop.domain.sessions.create(user.id)
    return { cookie: `session=${session}`, 'x-csrf-token': csrfTokenOf(session) }
  },
})

const tokenOf = (user: User, given: readonly string[]): Asker => ({
  user,
  async headers(shop) {
    const { secret } = await shop.domain.tokens.create(user.id, 'Token', given)
    return { authorization: `Bearer ${secret}` }
  },
})

async function askersOf(shop: Shop): Promise<readonly NamedAsker[]> {
  const administrator = await shop.domain.users.create({ ...owner, permissions: [] })
  const plain = await shop.newUser()
  const clerk = await shop.newUser(permissions)
  const singles: NamedAsker[] = []
  for (const permission of permissions) {
    const holds = (asked: string) => asked === permission
    const user = await shop.newUser([permission])
    singles.push({
      name: `holder of ${permission}`,
      ...sessionOf(user),
      holds,
      isToken: false,
      permission,
    })
    for (const [whose, of] of [
      ['the administrator', administrator],
      ['a clerk', clerk],
    ] as const)
      singles.push({
        name: `token of ${whose} for ${permission}`,
        ...tokenOf(of, [permission]),
        holds,
        isToken: true,
        isOfAdministrator: of === administrator,
        permission,
      })
  }
  const all = () => true
  const none = () => false
  const [first] = await shop.domain.stores.list()
  const other = await shop.domain.stores.create({ name: 'Other', currency: 'EUR' })
  const members: NamedAsker[] = []
  for (const [storeId, isElsewhere] of [
    [first?.id ?? '', false],
    [other.id, true],
  ] as const) {
    const where = isElsewhere ? 'another store' : 'the store'
    for (const role of roles) {
      const user = await shop.newUser()
      await shop.domain.members.add(storeId, { email: user.email, role })
      const facts = { holds: none, member: { role, isElsewhere } }
      const of = (await shop.domain.users.get(user.id)) ?? user
      members.push(
        { name: `${role} of ${where}`, ...sessionOf(of), ...facts, isToken: false },
        { name: `token of the ${role} of ${where}`, ...tokenOf(of, []), ...facts, isToken: true },
      )
    }
    members.push({
      name: `token of the administrator for ${where}`,
      ...tokenOf(
        administrator,
        storePermissions.map((each) => `${each}:${storeId}`),
      ),
      holds: none,
      isToken: true,
      member: { role: 'owner', isElsewhere, isOfToken: true },
    })
  }
  return [
    { name: 'nobody', user: undefined, headers: async () => ({}), isToken: false },
    { name: 'a user', ...sessionOf(plain), holds: none, isToken: false },
    { name: 'a token of a user', ...tokenOf(plain, []), holds: none, isToken: true },
    ...singles,
    ...members,
    { name: 'the administrator', ...sessionOf(administrator), holds: all, isToken: false },
    {
      name: 'a token of the administrator',
      ...tokenOf(administrator, []),
      holds: all,
      isToken: true,
      isOfAdministrator: true,
    },
  ]
}

async function sent(shop: Shop, request: InjectOptions): Promise<number> {
  const response = await shop.app.inject(request)
  // A stream has begun, and would not end by itself.
  if (request.payloadAsStream) response.stream().destroy()
  return response.statusCode
}

async function statusOf(shop: Shop, request: InjectOptions, asker: Asker): Promise<number> {
  const headers = { ...request.headers, ...(await asker.headers(shop)) }
  return sent(shop, { ...request, headers })
}
