import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { writeBase } from '../support/base-image.ts'
import { built, builtStandard } from '../support/distribution.ts'

/** Holds a docker-compose file against the schema of the specification, and against both editions of YAML. */
async function expectToFit(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const schema = JSON.parse(
    await readFile(
      join(import.meta.dirname, '../../composer/src/compose-spec/compose-spec.json'),
      'utf8',
    ),
  ) as object // the specification's own
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false })
  formats.default(ajv)
  const validate = ajv.compile(schema)
  validate(parse(text))
  expect(validate.errors).toBeNull()
  expect(parse(text, { version: '1.1' })).toEqual(parse(text, { version: '1.2' }))
}

test('the generated docker-compose file fits the Compose Specification, in both editions of YAML', async () => {
  const { folder } = await builtStandard()
  await expectToFit(join(folder, 'docker-compose.yml'))
})

test('so does the one beside the image', async () => {
  const { folder, cacheDir } = await builtStandard()
  const cwd = await mkdtemp(join(tmpdir(), 'compose-image-'))
  try {
    await writeBase(join(cwd, 'base.tar'))
    await built(['image', folder, '--base', 'base.tar'], cwd, cacheDir)
    await expectToFit(join(cwd, 'images/standard/docker-compose.yml'))
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
})
