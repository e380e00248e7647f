import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { builtStandard } from '../support/distribution.ts'

test('the generated docker-compose file fits the Compose Specification, in both editions of YAML', async () => {
  const { folder } = await builtStandard()
  const text = await readFile(join(folder, 'docker-compose.yml'), 'utf8')
  const schema = JSON.parse(
    await readFile(join(import.meta.dirname, 'compose-spec/compose-spec.json'), 'utf8'),
  ) as object // the specification's own
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false })
  formats.default(ajv)
  const validate = ajv.compile(schema)
  validate(parse(text))
  expect(validate.errors).toBeNull()
  expect(parse(text, { version: '1.1' })).toEqual(parse(text, { version: '1.2' }))
})
