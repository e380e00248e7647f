import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Role } from '@bitcartcc/sdk/rights'
import type { UsedRate } from '@bitcartcc/sdk/server'

/** What is noted about one record in one namespace. */
interface MetadataRow {
  record_id: string
  namespace: string
  value: JSONColumnType<Readonly<Record<string, unknown>>>
  updated_at: Generated<Date>
}

/** `value` is JSON, encrypted where it is secret. */
interface SettingTableRow {
  plugin: string
  key: string
  value: string
  is_secret: boolean
  updated_at: Generated<Date>
}

/** The tables of schema `core`, as `migrations/` makes them. `numeric` and `bigint` are texts in JavaScript. */
export interface CoreTables {
  users: {
    id: string
    seq: Generated<string>
    email: string
    name: string
    password_hash: string
    is_administrator: Generated<boolean>
    permissions: JSONColumnType<readonly string[]>
    created_at: Generated<Date>
  }
  sessions: { hash: string; user_id: string; created_at: Generated<Date>; expires_at: Date }
  tokens: {
    id: string
    seq: Generated<string>
    user_id: string
    name: string
    hash: string
    permissions: JSONColumnType<readonly string[]>
    created_at: Generated<Date>
    last_used_at: Date | null
  }
  sign_in_failures: { address: string; at: Generated<Date> }
  stores: {
    id: string
    seq: Generated<string>
    name: string
    description: Generated<string>
    currency: string
    next_invoice_number: Generated<number>
    logo_id: string | null
    created_at: Generated<Date>
  }
  store_members: { store_id: string; user_id: string; role: Role; created_at: Generated<Date> }
  idempotency_keys: {
    asker: string
    key: string
    fingerprint: string
    sealed_answer: string
    created_at: Generated<Date>
  }
  files: { id: string; content_type: string; size_bytes: number; created_at: Generated<Date> }
  products: {
    id: string
    seq: Generated<string>
    store_id: string
    name: string
    description: Generated<string>
    price: string
    category: Generated<string>
    stock: number | null
    status: Generated<'active' | 'hidden'>
    image_id: string | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  carts: { id: string; store_id: string; created_at: Generated<Date>; updated_at: Generated<Date> }
  cart_items: { cart_id: string; product_id: string; seq: Generated<string>; quantity: number }
  invoices: {
    id: string
    seq: Generated<string>
    store_id: string
    number: number
    status: string
    amount: string
    currency: string
    buyer_email: string
    method: string
    cart_id: string | null
    idempotency_key: string | null
    created_at: Generated<Date>
    expires_at: Date
    paid_at: Date | null
    completed_at: Date | null
    exception_status: Generated<string>
    underpaid_percent: Generated<string>
  }
  invoice_items: {
    invoice_id: string
    position: number
    product_id: string
    name: string
    quantity: number
    price: string
    total: string
    is_reserved: boolean
  }
  payments: {
    id: string
    seq: Generated<string>
    invoice_id: string
    method: string
    reference: string
    amount: string
    currency: string
    due: string
    status: string
    confirmations: number
    required_confirmations: number
    is_late: boolean
    metadata: JSONColumnType<Readonly<Record<string, unknown>>>
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  payment_accounts: {
    store_id: string
    method: string
    is_enabled: Generated<boolean>
    sealed: string | null
    failure: string | null
    failed_at: Date | null
    updated_at: Generated<Date>
  }
  payment_requests: {
    id: string
    invoice_id: string
    method: string
    amount: string
    currency: string
    address: string
    uri: string
    qr: string
    required_confirmations: number
    rate: ColumnType<UsedRate | null, string | null, string | null>
    metadata: JSONColumnType<Readonly<Record<string, unknown>>>
    created_at: Generated<Date>
    looked_at: Date | null
    next_look_at: Date | null
    failures: Generated<number>
  }
  webhooks: {
    id: string
    seq: Generated<string>
    store_id: string
    url: string
    events: JSONColumnType<readonly string[]>
    sealed_secret: string
    is_enabled: Generated<boolean>
    created_at: Generated<Date>
  }
  webhook_deliveries: {
    id: string
    seq: Generated<string>
    webhook_id: string
    event: string
    body: string
    status: Generated<'waiting' | 'delivered' | 'parked'>
    tries: Generated<number>
    response_status: number | null
    ms: number | null
    failure: string | null
    created_at: Generated<Date>
    tried_at: Date | null
    next_try_at: Date | null
  }
  notice_rules: {
    id: string
    seq: Generated<string>
    store_id: string
    channel: string
    audience: 'staff' | 'buyer'
    sealed_target: string | null
    target_name: string
    events: JSONColumnType<readonly string[]>
    is_enabled: Generated<boolean>
    created_at: Generated<Date>
  }
  notice_messages: {
    id: string
    seq: Generated<string>
    rule_id: string
    event: string
    payload: JSONColumnType<Readonly<Record<string, unknown>>>
    subject: string | null
    body: string | null
    recipient: Generated<string>
    status: Generated<'waiting' | 'delivered' | 'parked'>
    tries: Generated<number>
    failure: string | null
    created_at: Generated<Date>
    tried_at: Date | null
    next_try_at: Date | null
  }
  store_texts: {
    store_id: string
    plugin: string
    template: string
    text: string
    updated_at: Generated<Date>
  }
  store_metadata: MetadataRow
  product_metadata: MetadataRow
  invoice_metadata: MetadataRow
  cart_metadata: MetadataRow
  user_metadata: MetadataRow
  webhook_metadata: MetadataRow
  notice_metadata: MetadataRow
  audit_entries: {
    id: string
    seq: Generated<string>
    user_id: string
    user_email: string
    is_by_token: boolean
    action: string
    path: string
    address: string
    created_at: Generated<Date>
  }
  settings: SettingTableRow
  store_settings: SettingTableRow & { store_id: string }
  user_settings: SettingTableRow & { user_id: string }
}
