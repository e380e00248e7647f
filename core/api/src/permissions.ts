import { corePermissions } from '@bitcartcc/sdk/names'
import type { User } from '@bitcartcc/sdk/resources'
import { may, mayIn, rolePermissions, storesWith, type Role } from '@bitcartcc/sdk/rights'
import { HttpError } from '@bitcartcc/sdk/server'
import type { PluginFacts } from '@bitcartcc/sdk/wiring'
import type { Domain } from '@bitcartcc/domain/domain'
import type { CoreContext, CoreShape } from './core-route.ts'

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
  if (permission === 'user' || may(user, permission)) return
  throw new HttpError(403, `This needs the permission ${permission}.`)
}

/** Refuses who holds a permission in no store at all, before anything is looked up. */
export function demandAnywhere(user: User | null, permission: string): void {
  if (!user || storesWith(user, permission).length === 0) demand(user, permission)
}

/** Refuses what the user may not do in one store. */
export function demandIn(user: User | null, permission: string, storeId: string): void {
  if (!user) throw new HttpError(401, 'Sign in first.')
  if (!mayIn(user, permission, storeId))
    throw new HttpError(403, `This needs the permission ${permission} in this store.`)
}

/** Refuses what the user may not do with one thing; 404 where there is none. Lists and new things are checked where they are handled. */
export async function demandOf(
  domain: Domain,
  user: User | null,
  { permission, within }: { readonly permission: string; readonly within?: CoreShape['within'] },
  id: string,
): Promise<void> {
  if (within === undefined) return demand(user, permission)
  demandAnywhere(user, permission)
  if (within === 'input' || within === 'list') return
  demandIn(user, permission, within === 'store' ? id : await domain.stores.holding(within, id))
}

/** The stores a list may be made of, for whoever holds the permission in any. */
export function listed(
  user: User | null,
  permission: string,
  storeId: string | undefined,
): 'all' | readonly string[] {
  if (!user) throw new HttpError(401, 'Sign in first.')
  if (storeId !== undefined) demandIn(user, permission, storeId)
  return storesWith(user, permission)
}

/** Refuses a role, given or taken, that may do what the giver may not do in that store. */
export function demandRole(user: User | null, role: Role, storeId: string): void {
  const above = rolePermissions[role].find((each) => !user || !mayIn(user, each, storeId))
  if (above !== undefined)
    throw new HttpError(
      403,
      `Only who may do as much makes or changes this role (${role}): you do not hold ${above} here.`,
    )
}

/** Refuses permissions that do not exist, and those that the giver does not hold. */
export function grantable(permissions: readonly string[], { plugins, user }: CoreContext): void {
  const known = new Set(allPermissions(plugins).map((each) => each.name))
  const unknown = permissions.find((each) => !known.has(each))
  if (unknown !== undefined)
    throw new HttpError(422, 'There is no such permission.', [
      { field: 'permissions', says: `${unknown} is not a permission of this distribution` },
    ])
  if (user) {
    const above = permissions.find((each) => !may(user, each))
    if (above !== undefined)
      throw new HttpError(403, `You cannot give ${above}: you do not hold it yourself.`)
  }
}
