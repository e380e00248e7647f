/** Whether a plugin may be named so: `core` and `merchant` are core's own. */
export const isPluginName = (name: string): boolean =>
  /^(?!(core|merchant)$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 40

/** A name that a distribution or a plugin may have, as near to a text as can be. */
export const nameFrom = (text: string, otherwise: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '') || otherwise
