/** One permission that can be given, as /api/permissions tells it. */
export interface Permission {
  readonly name: string
  readonly title: string
  readonly plugin: string
}

/** Parts permissions by who brought them: core first, then plugins by name. */
export function permissionGroups(
  permissions: readonly Permission[],
): readonly { readonly plugin: string; readonly permissions: readonly Permission[] }[] {
  const plugins = [...new Set(permissions.map((each) => each.plugin))].sort(
    (a, b) => Number(b === 'core') - Number(a === 'core') || (a < b ? -1 : 1),
  )
  return plugins.map((plugin) => ({
    plugin,
    permissions: permissions.filter((each) => each.plugin === plugin),
  }))
}
