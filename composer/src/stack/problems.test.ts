import { expect, test } from 'vitest'
import { problemText } from '@bitcartcc/sdk/problem'
import {
  damaged,
  engineFailed,
  fileExists,
  noEngine,
  noFile,
  noFormer,
  notEmpty,
  notRunning,
  otherDistribution,
  otherKey,
  otherVolumes,
} from './problems.ts'

test('what a stack is refused for says what, where and how to mend it', () => {
  const up = 'docker-compose --env-file .env -f dist/shop/docker-compose.yml up --detach'
  const problems = [
    noEngine('docker'),
    engineFailed('docker exec', 'pg_restore: error: could not execute query\nit was: create table'),
    notRunning('shop', up),
    fileExists('shop.tgz'),
    noFile('shop.tgz'),
    damaged('shop.tgz', 'database.dump is missing'),
    notEmpty('shop', ['shop_data', 'shop_database'], 'compose stack restore shop.tgz --replace'),
    otherVolumes('shop.tgz', ['metrics-rows'], 'shop'),
    otherKey('shop.tgz', false),
    otherKey('shop.tgz', true),
    noFormer('dist/shop'),
    otherDistribution('../before', 'market', 'shop'),
  ]
  expect(problems.map(problemText).join('\n')).toMatchInlineSnapshot(`
    "✗ There is no program docker on this machine.

      Fix: Run this where the stack runs, as a user who may use Docker.

      More: compose explain stack/no-engine

    ✗ docker exec did not succeed.

        pg_restore: error: could not execute query
        it was: create table

      Fix: Mend what it says, and do this again.

      More: compose explain stack/engine-failed

    ✗ No database of the stack shop runs here.

      Nothing was changed.

      Fix: Start it:   docker-compose --env-file .env -f dist/shop/docker-compose.yml up --detach database

      More: compose explain stack/not-running

    ✗ shop.tgz is there already.

      It was left as it is.

      Fix: Name a file that is not there, or move this one away.

      More: compose explain stack/file-exists

    ✗ There is no file shop.tgz.

      Nothing was changed.

      Fix: Name what   compose stack backup FILE   wrote.

      More: compose explain stack/no-file

    ✗ shop.tgz is no backup of a stack, or not the whole of one.

        shop.tgz   database.dump is missing

      Nothing was changed.

      Fix: Take another copy of it.

      More: compose explain stack/damaged

    ✗ The stack shop has volumes already.

        shop_data
        shop_database

      Nothing was changed.

      Fix: Save what is in them, where it is worth anything:   compose stack backup before.tgz
           To take them away for good, and restore:   compose stack restore shop.tgz --replace

      More: compose explain stack/not-empty

    ✗ shop.tgz holds what shop has no place for.

        volume metrics-rows

      Nothing was changed.

      Fix: Build the distribution with the plugins that the backup was made of.

      More: compose explain stack/other-volumes

    ✗ shop.tgz was made under a SECRET_KEY, and .env gives none.

        The secrets among the rows, wallets and tokens say, open with that key
          alone.

      Nothing was changed.

      Fix: Put the SECRET_KEY of the stack that was saved into .env.

      More: compose explain stack/other-key

    ✗ The SECRET_KEY of .env is not the one that shop.tgz was made under.

        The secrets among the rows, wallets and tokens say, open with that key
          alone.

      Nothing was changed.

      Fix: Put the SECRET_KEY of the stack that was saved into .env.

      More: compose explain stack/other-key

    ✗ No former distribution was kept beside dist/shop.

      Nothing was changed.

      Fix: Name the folder of one:   compose stack rollback --to FOLDER
           or build it from its lock:   compose build --frozen

      More: compose explain stack/no-former

    ✗ ../before is the distribution market, and not shop.

      Nothing was changed.

      Fix: Name a folder with an earlier build of it.

      More: compose explain stack/other-distribution
    "
  `)
})
