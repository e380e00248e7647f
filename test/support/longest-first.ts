import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The files that take longest, in the order they begin in: one that began last would run alone.
 *
 * Between those that wait for the standard distribution stand some that do without; beside those that wait for a clock, some
 * that need both cores. Those with a browser wait for those with containers.
 */
const longest = [
  'test/docker/stack',
  'core/domain/src/migrator-crash',
  'test/outside',
  'core/server/src/server',
  'test/build',
  'test/plugins/bitcoin',
  'test/server-kill',
  'test/check-samples',
  'core/domain/src/webhooks',
  'core/api/src/authorization',
  'composer/src/check/rehearse',
  'composer/src/check/upgrades',
  'test/e2e/shop',
  'test/sources',
  'composer/src/read/fuzz',
  'test/database',
  'core/domain/src/notices',
  'composer/src/prebuild/prebuild',
  'composer/src/release',
  'core/domain/empty-database/empty-database',
  'test/kill',
  'test/image',
]

const placeOf = ({ moduleId }: TestSpecification) => {
  const at = longest.findIndex((file) => moduleId.endsWith(`/${file}.test.ts`))
  return at === -1 ? longest.length : at
}

/** Begins with the files above; the others follow as Vitest has them: the failed, the long, the large. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}
