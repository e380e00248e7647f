/**
 * What plugins may import of core, re-exported whole: an entry keeps every export, so that the chunks of vendor and core
 * do not depend on what the selected plugins use.
 */
export const keeps = [
  ['client-vue', "export * from 'vue'\n"],
  ['client-router', "export * from 'vue-router'\n"],
  ['client-ui', "export * from '@bitcartcc/ui'\n"],
  ['client-sdk', "export * from '@bitcartcc/sdk/vue'\n"],
  ['client-wiring', "export * from '@bitcartcc/sdk/wiring'\n"],
  ['server-sdk', "export * from '@bitcartcc/sdk/server'\n"],
  ['server-manifest', "export * from '@bitcartcc/sdk/manifest'\n"],
  ['server-resources', "export * from '@bitcartcc/sdk/resources'\n"],
] as const
