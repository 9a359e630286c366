import type { Generated } from 'kysely'
import type { MemberState } from '../../policies/member-state.ts'
import type { TrustTables } from './trust-tables.ts'

/** Rows as the database has them; micros are microseconds since 1970. Bytes come back as Buffer or Uint8Array. */
export interface Tables extends TrustTables {
  site: { site_no: number; access_generation: number; created_micros: number; outgoing: boolean }
  secret: { name: string; value: Uint8Array }
  api_root: {
    root_no: Generated<number>
    path: string
    title: string
    description: string | null
    group_no: Generated<number | null>
  }
  account: {
    account_no: Generated<number>
    name: string
    role: 'member' | 'administrator'
    password_hash: string | null
    credential_generation: Generated<number>
    active: Generated<boolean>
    created_micros: number
    display_name: Generated<string>
    email: string | null
    language: Generated<string>
    time_zone: Generated<string>
    last_sign_in_micros: number | null
    furlough_from_micros: Generated<number | null>
    furlough_until_micros: Generated<number | null>
    digest: Generated<'each' | 'daily' | 'weekly'>
  }
  setting: { name: string; value: string }
  trust_group: {
    group_no: Generated<number>
    name: string
    title: string
    purpose: Generated<string>
    second_factor: Generated<boolean>
    created_micros: number
    policy: Generated<string>
  }
  membership: {
    group_no: number
    account_no: number
    roles: Generated<string>
    active: Generated<boolean>
    created_micros: number
    state: Generated<MemberState>
    admitted: Generated<'founder' | 'administrator' | 'nomination' | 'import'>
    state_micros: Generated<number>
    activity_micros: Generated<number>
    below_micros: Generated<number | null>
    address_no: Generated<number | null>
    certificate_no: Generated<number | null>
  }
  break_glass: {
    break_glass_no: Generated<number>
    group_no: number
    account_no: number
    reason: string
    opened_micros: number
    expires_micros: number
    ended_micros: number | null
  }
  web_session: {
    sha256: Uint8Array
    account_no: number | null
    data: string
    device: string
    network: string
    issuer: string | null
    subject: string | null
    provider_sid: string | null
    created_micros: number
    seen_micros: number
    expires_micros: number
  }
  remembered_device: {
    sha256: Uint8Array
    account_no: number
    device: string
    network: string
    created_micros: number
    expires_micros: number
    last_used_micros: number
  }
  passkey: {
    credential_id: Uint8Array
    account_no: number
    name: string
    public_key: Uint8Array
    counter: number
    transports: Generated<string>
    backed_up: Generated<boolean>
    created_micros: number
    last_used_micros: number | null
  }
  code_generator: {
    generator_no: Generated<number>
    account_no: number
    kind: 'totp' | 'hotp'
    name: string
    secret: Uint8Array
    last_counter: Generated<number>
    confirmed_micros: number | null
    created_micros: number
    last_used_micros: number | null
  }
  recovery_code: { account_no: number; sha256: Uint8Array; created_micros: number; used_micros: number | null }
  sign_in_provider: {
    provider_no: Generated<number>
    name: string
    kind: 'ldap' | 'oidc'
    title: string
    settings: string
    secret: Uint8Array | null
    active: Generated<boolean>
    created_micros: number
    checked_micros: number | null
    trouble: string | null
  }
  external_identity: {
    issuer: string
    subject: string
    account_no: number
    provider_no: number
    created_micros: number
    last_used_micros: number | null
  }
  group_mapping: { provider_no: number; outside_group: string; group_no: number }
  membership_proposal: {
    proposal_no: Generated<number>
    group_no: number
    account_no: number
    provider_no: number
    outside_group: string
    proposed_micros: number
    settled_micros: number | null
    accepted: boolean | null
    settled_by_no: number | null
  }
  spent_token: { issuer: string; token_id: string; expires_micros: number }
  one_time_link: {
    sha256: Uint8Array
    purpose: 'invitation' | 'recovery' | 'welcome' | 'address'
    account_no: number | null
    group_no: number | null
    email: string | null
    display_name: Generated<string>
    made_by_no: number | null
    created_micros: number
    expires_micros: number
    used_micros: number | null
    withdrawn_micros: number | null
  }
  recovery_request: {
    recovery_no: Generated<number>
    account_no: number
    link_sha256: Uint8Array
    veto_sha256: Uint8Array
    removes_factors: boolean
    needed: number
    opened_micros: number
    ready_micros: number
    vetoed_micros: number | null
    done_micros: number | null
  }
  recovery_approval: { recovery_no: number; voucher_no: number; approved_micros: number }
  attempt: { key: string; count: number; until_micros: number }
  notice: {
    notice_no: Generated<number>
    message_id: string
    account_no: number | null
    address: string
    kind: string
    language: string
    path: string
    created_micros: number
    attempts: Generated<number>
    claimed_until_micros: Generated<number | null>
    sent_micros: number | null
    captured: Generated<boolean>
    refused_micros: number | null
    last_error: string | null
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
    audience: Generated<'granted' | 'members' | 'coordinators'>
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
    strong: Generated<boolean>
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
