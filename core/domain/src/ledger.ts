import type pg from 'pg'

export interface LedgerRow {
  readonly plugin: string
  readonly id: string
  readonly checksum: string
  readonly release: string
  readonly tag: 'expand' | 'migrate' | 'contract'
  readonly state: 'running' | 'done' | 'failed' | 'orphaned' | 'baselined'
  readonly batch: number
}

type Client = Pick<pg.Pool, 'query'>

const ledgerSql = `
create schema if not exists compose;
create table if not exists compose.ledger (
  plugin text not null, id text not null,
  checksum text not null, release text not null, distribution text not null,
  batch bigint not null, tag text not null check (tag in ('expand', 'migrate', 'contract')),
  state text not null check (state in ('running', 'done', 'failed', 'orphaned', 'baselined', 'dropped')),
  started_at timestamptz not null, finished_at timestamptz, ms integer,
  runner text not null, applied_by text not null default session_user,
  statement integer, statement_sha text, error text,
  up_sql text not null, down_sql text, uninstall_sql text,
  primary key (plugin, id)
);
create table if not exists compose.ledger_log (
  at timestamptz not null default clock_timestamp(), plugin text, id text, event text not null,
  old jsonb, new jsonb, who text not null default session_user
);
`

/** Makes the ledger where it is missing. */
export async function ensureLedger(client: Client) {
  if (!(await ledgerExists(client))) await client.query(ledgerSql)
}

/** Says whether this database was ever migrated by us. */
export async function ledgerExists(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('compose.ledger') is not null as found`,
  )
  return rows[0]?.found === true
}

/** Ledgers that were made before anything could be dropped know no such state. */
export async function ensureDroppedState(client: Client) {
  await client.query(
    `alter table compose.ledger drop constraint if exists ledger_state_check,
     add constraint ledger_state_check check (state in ('running', 'done', 'failed', 'orphaned', 'baselined', 'dropped'))`,
  )
}

/** Reads the rows, by id; those of tables that were dropped stand for nothing any more. */
export async function readLedger(client: Client): Promise<readonly LedgerRow[]> {
  const { rows } = await client.query<Omit<LedgerRow, 'batch'> & { batch: string }>(
    `select plugin, id, checksum, release, tag, state, batch from compose.ledger where state <> 'dropped' order by id`,
  )
  return rows.map((row) => ({ ...row, batch: Number(row.batch) }))
}
