import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '@bitcartcc/sdk/manifest'
import { corePermissions } from '@bitcartcc/sdk/names'
import type { Texts } from '@bitcartcc/sdk/wiring'
import { parse } from 'yaml'
import { root } from './compose.ts'
import { declaredIn, textsOf, type Said } from './texts.ts'

/** Every place that has texts of its own: where they stand, where their German does, what else it holds. */
export interface Place {
  readonly name: string
  readonly pages: readonly string[]
  readonly german: string
  /** Titles that pages get from the server. */
  readonly declared: readonly string[]
}
const pagesIn = (...patterns: string[]) =>
  globSync(patterns, { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !/\.test\.ts$|node_modules/.test(file))
    .toSorted()

/** The name of core is the same in every language. */
const core = (room: string, declared: readonly string[], ...more: string[]): Place => ({
  name: `core/${room}`,
  pages: pagesIn(`core/${room}/src/**/*.{vue,ts}`, ...more),
  german: `core/${room}/src/locales/de.json`,
  declared: declared.filter((each) => each !== 'BitcartCC'),
})
export const places: readonly Place[] = [
  core('ui', [], 'core/sdk/src/vue.ts'),
  core('store', declaredIn('core/domain/src/manual.ts')),
  core('admin', [
    ...Object.values(corePermissions),
    ...['manual', 'core-facts', 'core-templates'].flatMap((name) =>
      declaredIn(`core/domain/src/${name}.ts`),
    ),
  ]),
  ...globSync('plugins/*/plugin.yaml', { cwd: root })
    .map((file) => pluginAt(file.replaceAll('\\', '/').replace('/plugin.yaml', '')))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
]

function pluginAt(folder: string): Place {
  const text = readFileSync(join(root, folder, 'plugin.yaml'), 'utf8')
  const { title, description, contributes, permissions, settings, metadata } = parse(
    text,
  ) as Manifest // ours, and built in other tests
  const named = [
    ...(contributes['admin.pages'] ?? []),
    ...(contributes['store.pages'] ?? []),
    ...(contributes['payment.methods'] ?? []),
    ...(contributes['rates.providers'] ?? []),
    ...(contributes['notify.channels'] ?? []),
    ...(contributes.templates ?? []),
    ...Object.values(settings ?? {}),
  ]
  return {
    name: folder,
    pages: pagesIn(`${folder}/{admin,store}/**/*.{vue,ts}`),
    german: `${folder}/${(contributes.locales?.[0]?.file ?? './locales/de.json').slice(2)}`,
    declared: [
      title,
      description,
      ...named.flatMap((each) => [
        each.title ?? '',
        'description' in each ? (each.description ?? '') : '',
      ]),
      ...Object.values(settings ?? {}).flatMap(({ enum: choices = [] }) =>
        Array.isArray(choices) ? [] : Object.values(choices),
      ),
      ...Object.values(permissions ?? {}),
      ...Object.values(metadata ?? {}).flatMap((keys) =>
        Object.values(keys).map((schema) =>
          typeof schema['title'] === 'string' ? schema['title'] : '',
        ),
      ),
      ...(contributes['payment.methods'] ?? []).flatMap(({ run }) =>
        declaredIn(`${folder}/${run.slice(2)}`),
      ),
    ].filter((each) => each !== ''),
  }
}

/** The German texts of a place. */
export const germanOf = ({ german }: Place): Texts =>
  existsSync(join(root, german))
    ? (JSON.parse(readFileSync(join(root, german), 'utf8')) as Texts) // its shape is checked where it is built
    : {}

/** Every text that a place shows. */
export const saidIn = (place: Place): readonly Said[] => [
  ...place.pages.flatMap((file) => textsOf(file).said),
  ...place.declared.map((english) => ({ english, isPlural: false, where: place.name })),
]
