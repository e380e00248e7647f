import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Handlebars from 'handlebars'
import { Refused } from '@bitcartcc/sdk/problem'
import { composeVersion, coreVersion, templatesFolder } from '../house.ts'
import type { RunCommand } from './command.ts'
import { isPluginName } from './names.ts'
import { notAPluginName, notEmpty } from './plugin-new-problems.ts'
import { writing } from './writing.ts'

/** `compose plugin new NAME [--out FOLDER]`: begins a plugin that builds and runs, in a folder of its own. */
export const newCommand: RunCommand = async ({ words, flags, print, tell }) => {
  const [name = ''] = words
  if (!isPluginName(name)) throw new Refused([notAPluginName(name, 'plugin new')])
  const folder = flags.out ?? name
  if (existsSync(folder) && readdirSync(folder).some((each) => !each.startsWith('.')))
    throw new Refused([notEmpty(folder)])
  const spaced = name.replaceAll('-', ' ')
  const values = {
    name,
    title: spaced.charAt(0).toUpperCase() + spaced.slice(1),
    core: coreVersion(),
    compose: composeVersion(),
  }
  await writing(folder, () => {
    for (const path of templates()) {
      const text = readFileSync(join(templatesFolder, 'plugin', path), 'utf8')
      const own = path.replace(/\.hbs$/, '').replace(/^gitignore$/, '.gitignore')
      mkdirSync(dirname(join(folder, own)), { recursive: true })
      writeFileSync(
        join(folder, own),
        Handlebars.compile(text, { strict: true, noEscape: true })(values),
      )
    }
  })
  if (!flags.quiet)
    tell(
      `\n  Next: cd ${folder}, npm install\n        npx compose plugin types   writes plugin.gen.ts\n        npm start                  a shop that has the plugin\n\n`,
    )
  print(`${folder}\n`)
  return 0
}

const templates = () =>
  readdirSync(join(templatesFolder, 'plugin'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.hbs'))
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
