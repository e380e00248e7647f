import { Type } from 'typebox'
import { Session } from '@bitcartcc/sdk/resources'
import { HttpError } from '@bitcartcc/sdk/server'
import { coreRoute, type CoreContext, type CoreRoutes } from '../core-route.ts'
import { clearSessionCookie, csrfTokenOf, sessionOf, setSessionCookie } from '../http/cookies.ts'

const sessionFor = async (
  { domain, user }: Pick<CoreContext, 'domain' | 'user'>,
  session: string | undefined,
): Promise<Session> => ({
  user,
  needsSetup: user === null && (await domain.users.count()) === 0,
  csrfToken: session === undefined ? '' : csrfTokenOf(session),
})

/** Signing in and out. */
export const sessionRoutes: CoreRoutes = {
  'GET /api/session': coreRoute(
    { summary: 'Who is signed in', permission: 'public', returns: Session },
    async (_, context) => sessionFor(context, sessionOf(context.http.request)),
  ),
  'POST /api/session': coreRoute(
    {
      summary: 'Sign in with a password',
      permission: 'public',
      body: Type.Object(
        { email: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 200 }) },
        { additionalProperties: false },
      ),
      returns: Session,
    },
    async ({ body }, { domain, http }) => {
      const user = await domain.users.signIn(body.email, body.password)
      if (!user) throw new HttpError(401, 'The e-mail address or the password is wrong.')
      const session = await domain.sessions.create(user.id)
      setSessionCookie(http, session)
      return sessionFor({ domain, user }, session)
    },
  ),
  'DELETE /api/session': coreRoute(
    { summary: 'Sign out', permission: 'public', status: 204 },
    async (_, { domain, http }) => {
      const session = sessionOf(http.request)
      if (session !== undefined) await domain.sessions.remove(session)
      clearSessionCookie(http)
    },
  ),
}
