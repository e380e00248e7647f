import type { CorePermission } from './permissions.ts'
import type { User } from './resources.ts'

/** Who somebody is in one store. */
export type Role = 'owner' | 'manager' | 'viewer'

/** What each role may do in its own store, and in no other: an owner all that a store has, a viewer only look. */
export const rolePermissions: Readonly<Record<Role, readonly CorePermission[]>> = {
  owner: [
    'products.view',
    'products.manage',
    'invoices.view',
    'invoices.manage',
    'stores.manage',
    'stores.configure',
    'payments.manage',
    'webhooks.manage',
    'notices.manage',
    'members.manage',
  ],
  manager: [
    'products.view',
    'products.manage',
    'invoices.view',
    'invoices.manage',
    'stores.configure',
  ],
  viewer: ['products.view', 'invoices.view'],
}

/** The roles, the one that may most first. */
export const roles = ['owner', 'manager', 'viewer'] as const satisfies readonly Role[]

/** Permissions that can be held in one store; all others are for the whole house. */
export const storePermissions: readonly CorePermission[] = rolePermissions.owner

type Rights = Pick<User, 'isAdministrator' | 'permissions' | 'stores'>

/** Says whether somebody holds a permission for the whole house: in every store, and in those to come. */
export const may = (user: Rights, permission: string): boolean =>
  user.isAdministrator || user.permissions.includes(permission)

/** Says whether somebody holds a permission in one store, by their role there or for the whole house. */
export const mayIn = (user: Rights, permission: string, storeId: string): boolean =>
  may(user, permission) ||
  user.stores.some((each) => each.storeId === storeId && each.permissions.includes(permission))

/** Gives the stores in which somebody holds a permission; `all` where it is for the whole house. */
export const storesWith = (user: Rights, permission: string): 'all' | readonly string[] =>
  may(user, permission)
    ? 'all'
    : user.stores
        .filter((each) => each.permissions.includes(permission))
        .map((each) => each.storeId)

/** Parts a scope of a token: `products.manage` is for every store its user has, `products.manage:ID` for one. */
export function scopeOf(scope: string): {
  readonly permission: string
  readonly storeId: string | undefined
} {
  const [permission = '', storeId] = scope.split(':')
  return { permission, storeId }
}
