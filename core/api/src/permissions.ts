import { corePermissions } from '@bitcartcc/sdk/manifest'
import type { User } from '@bitcartcc/sdk/resources'
import { HttpError } from '@bitcartcc/sdk/server'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { CoreContext } from './core-route.ts'

/** Every permission a user can hold, core's first, with who declares it. */
export function allPermissions(
  plugins: readonly PluginFacts[],
): readonly { name: string; title: string; plugin: string }[] {
  const core = Object.entries(corePermissions).map(([name, title]) => ({
    name,
    title,
    plugin: 'core',
  }))
  const theirs = plugins.flatMap((plugin) =>
    Object.entries(plugin.permissions).map(([name, title]) => ({
      name,
      title,
      plugin: plugin.name,
    })),
  )
  return [...core, ...theirs]
}

/** Refuses with 401 or 403 what the user may not do; `public` lets everybody in. */
export function demand(user: User | null, permission: string): void {
  if (permission === 'public') return
  if (!user) throw new HttpError(401, 'Sign in first.')
  if (permission === 'user' || user.isAdministrator || user.permissions.includes(permission)) return
  throw new HttpError(403, `This needs the permission ${permission}.`)
}

/** Refuses permissions that do not exist, and those that the giver does not hold. */
export function grantable(permissions: readonly string[], { plugins, user }: CoreContext): void {
  const known = new Set(allPermissions(plugins).map((each) => each.name))
  const unknown = permissions.find((each) => !known.has(each))
  if (unknown !== undefined)
    throw new HttpError(422, 'There is no such permission.', [
      { field: 'permissions', says: `${unknown} is not a permission of this distribution` },
    ])
  if (user && !user.isAdministrator) {
    const above = permissions.find((each) => !user.permissions.includes(each))
    if (above !== undefined)
      throw new HttpError(403, `You cannot give ${above}: you do not hold it yourself.`)
  }
}
