import type { Generated } from 'kysely'

/** Rows of what 0003-trust brought, as the database has them. */
export interface TrustTables {
  account_address: {
    address_no: Generated<number>
    account_no: number
    address: string
    created_micros: number
    verified_micros: Generated<number | null>
  }
  profile: {
    account_no: number
    affiliation: Generated<string>
    airport: Generated<string>
    languages: Generated<string>
    phone: Generated<string>
    sms: Generated<string>
    im: Generated<string>
    postal: Generated<string>
    biography: Generated<string>
    ssh_key: Generated<string>
    hide_email: Generated<boolean>
    changed_micros: number
  }
  affiliation: {
    affiliation_no: Generated<number>
    account_no: number
    organisation: string
    from_micros: number
    until_micros: Generated<number | null>
  }
  photo: {
    account_no: number
    media_type: string
    body: Uint8Array
    changed_micros: number
  }
  asset: {
    asset_no: Generated<number>
    account_no: number
    kind: 'cidr' | 'domain' | 'as' | 'keyword' | 'campaign'
    value: string
    note: Generated<string>
    created_micros: number
  }
  service_account: {
    account_no: number
    owner_no: number
    group_no: number
    can_write: boolean
    purpose: Generated<string>
    created_micros: number
  }
  certificate: {
    certificate_no: Generated<number>
    account_no: number
    fingerprint: string
    body: Uint8Array
    addresses: string
    algorithm: string
    key_micros: number
    expires_micros: Generated<number | null>
    revoked_micros: Generated<number | null>
    problems: Generated<string>
    origin: 'upload' | 'wkd' | 'import'
    added_micros: number
    checked_micros: number
    proven_micros: Generated<number | null>
    retired_micros: Generated<number | null>
  }
  key_challenge: {
    challenge_no: Generated<number>
    certificate_no: number
    nonce_sha256: Uint8Array
    statement: string
    made_micros: number
    expires_micros: number
    used_micros: Generated<number | null>
  }
  key_change: {
    change_no: Generated<number>
    group_no: number
    account_no: number
    from_no: Generated<number | null>
    to_no: number
    proof: 'first' | 'old-key' | 'delay' | 'import'
    asked_micros: number
    ready_micros: number
    done_micros: Generated<number | null>
    stopped_micros: Generated<number | null>
  }
  key_warning: {
    certificate_no: number
    days: number
    told_micros: number
  }
  membership_history: {
    history_no: Generated<number>
    group_no: number
    account_no: number
    at_micros: number
    event: string
    from_state: Generated<string | null>
    to_state: Generated<string | null>
    actor: string
    reasons: Generated<string>
  }
  nomination: {
    nomination_no: Generated<number>
    group_no: number
    account_no: number
    nominator_no: number
    name: string
    affiliation: Generated<string>
    email: string
    biography: Generated<string>
    made_micros: number
    ended_micros: Generated<number | null>
    outcome: Generated<'approved' | 'failed' | 'blocked' | 'withdrawn' | null>
  }
  nomination_approval: {
    nomination_no: number
    approver_no: number
    approved_micros: number
  }
  attestation: {
    group_no: number
    name: string
    version: number
    text: string
    required: Generated<boolean>
    created_micros: number
    retired_micros: Generated<number | null>
  }
  vouch: {
    vouch_no: Generated<number>
    group_no: number
    voucher_no: number
    vouchee_no: number
    text: Generated<string>
    attested: Generated<string>
    made_micros: number
    expires_micros: Generated<number | null>
    ended_micros: Generated<number | null>
    end_reason: Generated<'withdrawn' | 'replaced' | 'left' | 'nomination-failed' | 'voided' | null>
    statement: Generated<string | null>
    signature: Generated<string | null>
    signed_by: Generated<string | null>
  }
  vouch_mark: {
    group_no: number
    voucher_no: number
    vouchee_no: number
    marked_micros: number
  }
  vouch_signal: {
    signal_no: Generated<number>
    group_no: number
    about_no: number
    by_no: number
    kind: 'decline' | 'concern'
    reason: string
    made_micros: number
    expires_micros: Generated<number | null>
    rebuttal: Generated<string>
    settled_micros: Generated<number | null>
    settled_by_no: Generated<number | null>
    settlement: Generated<string>
  }
  vouch_export: {
    export_no: Generated<number>
    group_no: number
    account_no: Generated<number | null>
    at_micros: number
    vouches: number
  }
  group_field: {
    group_no: number
    name: string
    label: string
    created_micros: number
    retired_micros: Generated<number | null>
  }
  member_field: {
    group_no: number
    account_no: number
    name: string
    value: string
  }
  admission_request: {
    request_no: Generated<number>
    group_no: Generated<number | null>
    name: string
    email: string
    affiliation: Generated<string>
    message: Generated<string>
    made_micros: number
    settled_micros: Generated<number | null>
    settled_by_no: Generated<number | null>
    outcome: Generated<'invited' | 'nominated' | 'declined' | null>
  }
  participant_map: {
    version_no: Generated<number>
    entries: string
    sha256: Uint8Array
    note: Generated<string>
    made_by: string
    made_micros: number
  }
  imported_person: {
    source: string
    outside_id: string
    account_no: number
  }
  imported_group: {
    source: string
    outside_name: string
    group_no: number
  }
  digest_entry: {
    entry_no: Generated<number>
    account_no: number
    kind: string
    path: string
    at_micros: number
    told_micros: Generated<number | null>
  }
}
