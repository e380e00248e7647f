import type { Distribution, User } from '@bitcartcc/sdk/resources'
import { serviceTokenName } from '@bitcartcc/sdk/names'
import type { Problem } from '@bitcartcc/sdk/problem'
import { Refused } from '@bitcartcc/sdk/problem'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'

type Service = Distribution['services'][number]

/**
 * Tokens that the operator gave to services in containers of their own → the user each acts as.
 *
 * Refuses with start/token-too-short. A service without one asks as a visitor.
 */
export function givenTokens(
  services: readonly Service[],
  plugins: readonly PluginFacts[],
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, User> {
  const given = services.flatMap((service) => {
    const name = serviceTokenName(service.name)
    const token = env[name] ?? ''
    return service.entry === null || token === '' ? [] : [{ service, name, token }]
  })
  const short = given.filter(({ token }) => token.length < 32)
  if (short.length > 0) throw new Refused(short.map(({ name }) => tokenTooShort(name)))
  return new Map(given.map(({ service, token }) => [token, serviceUser(service, plugins)]))
}

/** The user a service acts as: its plugin's permissions, nothing else. */
export const serviceUser = (service: Service, plugins: readonly PluginFacts[]): User => ({
  id: `service:${service.name}`,
  email: '',
  name: service.name,
  isAdministrator: false,
  permissions: Object.keys(plugins.find((each) => each.name === service.plugin)?.permissions ?? {}),
  stores: [],
  createdAt: new Date(0).toISOString(),
})

const tokenTooShort = (name: string): Problem => ({
  code: 'start/token-too-short',
  says: `${name} is shorter than 32 characters.`,
  kept: 'Nothing was started.',
  fix: [
    'Set it to the output of   openssl rand -hex 32',
    'or leave it unset: its service then asks as a visitor.',
  ],
})
