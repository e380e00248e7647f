import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Handlebars from 'handlebars'

/** Makes the function that renders a text template; it can do no more than show its variables. */
export function templateOf(text: string): (variables: object) => string {
  return Handlebars.create().compile(text, { noEscape: true, strict: true, knownHelpersOnly: true })
}

/** The operator's own text of a template, `templates/<plugin>/<template>.hbs` in the data folder. */
export async function overrideOf(
  dataDir: string,
  plugin: string,
  template: string,
): Promise<string | undefined> {
  try {
    return await readFile(join(dataDir, 'templates', plugin, `${template}.hbs`), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined // fs throws errno errors
    throw error
  }
}
