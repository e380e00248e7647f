import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { templatesFolder } from '../house.ts'

/** A text of `dist-templates/`, its values filled in; every value it names must be there. */
export const render = (template: string, values: object): string =>
  Handlebars.compile(readFileSync(join(templatesFolder, `${template}.hbs`), 'utf8'), {
    strict: true,
    noEscape: true,
  })(values)
