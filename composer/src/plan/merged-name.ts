/** `status-page`; a plugin's service `x` is `<plugin>-<x>`, or `<plugin>` where both are the same word. */
export const mergedName = (plugin: string, name: string): string =>
  plugin === name ? plugin : `${plugin}-${name}`
