import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { templatesFolder } from '../house.ts'

const compiled = new Map<string, Handlebars.TemplateDelegate>()

/** A text of `dist-templates/`, its values filled in; every value it names must be there. */
export function render(template: string, values: object): string {
  const text =
    compiled.get(template) ??
    Handlebars.compile(readFileSync(join(templatesFolder, `${template}.hbs`), 'utf8'), {
      strict: true,
      noEscape: true,
    })
  compiled.set(template, text)
  return text(values)
}
