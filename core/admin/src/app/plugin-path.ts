/** Gives where a plugin's page stands: under the plugin's name. */
export function pluginPath(page: { readonly plugin: string; readonly path: string }): string {
  return `/plugins/${page.plugin}${page.path === '/' ? '' : page.path}`
}
