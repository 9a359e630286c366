import type { Generated } from 'kysely'

/** Rows as the database has them; micros are microseconds since 1970. Bytes come back as Buffer or Uint8Array. */
export interface Tables {
  site: { site_no: number; access_generation: number; created_micros: number; outgoing: boolean }
  secret: { name: string; value: Uint8Array }
  api_root: { root_no: Generated<number>; path: string; title: string; description: string | null }
  account: {
    account_no: Generated<number>
    name: string
    role: 'member' | 'administrator'
    password_hash: string | null
    credential_generation: Generated<number>
    active: Generated<boolean>
    created_micros: number
  }
  collection: {
    collection_no: Generated<number>
    collection_id: string
    root_no: number
    alias: string | null
    title: string
    description: string | null
    ceiling: number
    default_label: number
    closed: Generated<boolean>
  }
  collection_grant: { account_no: number; collection_no: number; can_read: boolean; can_write: boolean }
  token: {
    token_no: Generated<number>
    account_no: number
    name: string
    sha256: Uint8Array
    scopes: string
    created_micros: number
    expires_micros: number
    revoked_micros: number | null
    last_used_micros: number | null
  }
  account_certificate: { fingerprint: Uint8Array; account_no: number; created_micros: number }
  setup_link: { sha256: Uint8Array; expires_micros: number; used_micros: number | null }
  object: {
    object_no: number
    source_no: number
    label: number
    received_micros: number
    sha256: Uint8Array
    body: string
  }
  collection_clock: {
    collection_no: number
    last_micros: number
    generation: number
    open_first: number | null
    open_count: number
    open_objects: number
    ledger_seq: number
    ledger_head: Uint8Array
  }
  release: {
    collection_no: number
    date_added: number
    object_no: number
    stix_id: string
    version: string
    version_digits: number
    type: string
    latest: boolean
    withdrawn_micros: number | null
  }
  segment: {
    collection_no: number
    first_date: number
    last_date: number
    objects: number
    generation: number
    sealed_generation: number | null
    first_returned: number | null
    last_returned: number | null
    crc: number | null
    size: number | null
    body: Uint8Array | null
  }
  ledger: {
    collection_no: number
    seq: number
    kind: number
    date_added: number
    at_micros: number
    actor_no: number
    hash: Uint8Array
  }
  status: { status_id: string; root_no: number; account_no: number; expires_micros: number; body: string }
  audit_head: { site_no: number; seq: number; hash: Uint8Array }
  audit: { seq: number; at_micros: number; kind: string; actor: string; detail: string; hash: Uint8Array }
  read_tally: {
    minute: number
    account_no: number
    collection_no: number
    process: string
    requests: number
    objects: number
  }
  intake_cursor: { name: string; position: string; at_micros: number }
}
