/**
 * Trust: the state of each membership and its history, nominations, vouches, attestations, signals; what people say of
 * themselves; OpenPGP certificates; the participant map; groups that own API roots; digests of notices.
 */
export const trust = `
alter table account add column furlough_from_micros bigint;  -- away: no mail, and the idle clocks of all groups stand still
alter table account add column furlough_until_micros bigint;
alter table account add column digest text not null default 'each' check (digest in ('each', 'daily', 'weekly'));

create table account_address (                -- e-mail addresses; account.email is the one that notices of the site go to
  address_no      integer generated always as identity primary key,
  account_no      integer not null references account,
  address         text not null,              -- lower case
  created_micros  bigint not null,
  verified_micros bigint                      -- null until a mailed link came back
);
create unique index account_address_own on account_address (account_no, address);
create unique index account_address_verified on account_address (address) where verified_micros is not null;
create table profile (                        -- what a member says of themself to the groups that they are in
  account_no     integer primary key references account,
  affiliation    text not null default '',    -- as of now; what it was is in table affiliation
  airport        text not null default '',    -- IATA code
  languages      text not null default '',    -- as 'en:native nl:basic': ISO 639-1 and skill
  phone          text not null default '',
  sms            text not null default '',
  im             text not null default '',
  postal         text not null default '',
  biography      text not null default '',
  ssh_key        text not null default '',
  hide_email     boolean not null default false,
  changed_micros bigint not null
);
create index profile_affiliation on profile (lower(affiliation));
create table affiliation (
  affiliation_no integer generated always as identity primary key,
  account_no     integer not null references account,
  organisation   text not null,
  from_micros    bigint not null,
  until_micros   bigint
);
create index affiliation_account on affiliation (account_no, from_micros);
create table photo (
  account_no     integer primary key references account,
  media_type     text not null,
  body           bytea not null,
  changed_micros bigint not null
);
create table asset (                          -- what a member answers for; their own group administrators may see it, nobody else
  asset_no       integer generated always as identity primary key,
  account_no     integer not null references account,
  kind           text not null check (kind in ('cidr', 'domain', 'as', 'keyword', 'campaign')),
  value          text not null,               -- normalised
  note           text not null default '',
  created_micros bigint not null,
  unique (account_no, kind, value)
);
create table service_account (                -- a program of a member: its rights end with theirs
  account_no     integer primary key references account,
  owner_no       integer not null references account,
  group_no       integer not null references trust_group, -- whose collections it may use
  can_write      boolean not null,
  purpose        text not null default '',
  created_micros bigint not null
);
create index service_account_owner on service_account (owner_no);

create table certificate (                    -- OpenPGP, minimised
  certificate_no  integer generated always as identity primary key,
  account_no      integer not null references account,
  fingerprint     text not null,              -- hex in upper case, whole
  body            bytea not null,             -- binary packets: primary key, User IDs of the owner's addresses, valid subkeys
  addresses       text not null,              -- of its valid User IDs, lower case, separated by spaces
  algorithm       text not null,
  key_micros      bigint not null,            -- when it was made
  expires_micros  bigint,                     -- when nothing can be encrypted to it any more; null: never
  revoked_micros  bigint,
  problems        text not null default '[]', -- JSON: codes of what is wrong with it, as of checked_micros
  origin          text not null check (origin in ('upload', 'wkd', 'import')),
  added_micros    bigint not null,
  checked_micros  bigint not null,
  proven_micros   bigint,                     -- null until the owner proved to have its secret half
  retired_micros  bigint,
  unique (account_no, fingerprint)
);
create index certificate_fingerprint on certificate (fingerprint);
create table key_challenge (                  -- a proof of possession that was asked for
  challenge_no   integer generated always as identity primary key,
  certificate_no integer not null references certificate,
  nonce_sha256   bytea not null,
  statement      text not null,               -- the text to sign; names site, account, fingerprint, nonce and time
  made_micros    bigint not null,
  expires_micros bigint not null,
  used_micros    bigint
);
create index key_challenge_certificate on key_challenge (certificate_no);
create table key_change (                     -- another certificate for a membership: at once, or after a delay with notice
  change_no      integer generated always as identity primary key,
  group_no       integer not null references trust_group,
  account_no     integer not null references account,
  from_no        integer references certificate,
  to_no          integer not null references certificate,
  proof          text not null check (proof in ('first', 'old-key', 'delay', 'import')),
  asked_micros   bigint not null,
  ready_micros   bigint not null,
  done_micros    bigint,
  stopped_micros bigint
);
create index key_change_member on key_change (group_no, account_no, change_no);
create index key_change_waiting on key_change (ready_micros) where done_micros is null and stopped_micros is null;
create table key_warning (                    -- which staged warning was given
  certificate_no integer not null references certificate,
  days           integer not null,
  told_micros    bigint not null,
  primary key (certificate_no, days)
);

alter table trust_group add column policy text not null default '{}'; -- JSON: attributes of policies/group-policy.ts; those that are missing have their defaults
-- 'active' stays true for the states whose members see the group: the release before reads it
alter table membership add column state text not null default 'active' check (state in
  ('nominated', 'vetted', 'approved', 'active', 'inactive', 'soonidle', 'idle', 'failed', 'blocked', 'deceased'));
alter table membership add column admitted text not null default 'administrator'
  check (admitted in ('founder', 'administrator', 'nomination', 'import'));
alter table membership add column state_micros bigint not null default 0;    -- when it came into its state
alter table membership add column activity_micros bigint not null default 0; -- in this group
alter table membership add column below_micros bigint;        -- since when it lacks vouches received
alter table membership add column address_no integer references account_address; -- null: account.email
alter table membership add column certificate_no integer references certificate;
update membership set state = case when active then 'active' else 'blocked' end,
  state_micros = created_micros, activity_micros = created_micros;
create index membership_state on membership (group_no, state);
create table membership_history (             -- append only: the state on any date can be read off
  history_no     bigint generated always as identity primary key,
  group_no       integer not null,
  account_no     integer not null,
  at_micros      bigint not null,
  event          text not null,
  from_state     text,                        -- null: there was no membership
  to_state       text,                        -- null: there is none any more
  actor          text not null,
  reasons        text not null default '[]'   -- JSON: codes
);
create index membership_history_member on membership_history (group_no, account_no, history_no);
insert into membership_history (group_no, account_no, at_micros, event, from_state, to_state, actor)
  select group_no, account_no, created_micros, 'added', null, state, 'system' from membership order by created_micros;

create table nomination (
  nomination_no  integer generated always as identity primary key,
  group_no       integer not null references trust_group,
  account_no     integer not null references account,
  nominator_no   integer not null references account,
  name           text not null,               -- as the nominator wrote it: what the account says is not shown before it is approved
  affiliation    text not null default '',
  email          text not null,
  biography      text not null default '',
  made_micros    bigint not null,
  ended_micros   bigint,
  outcome        text check (outcome in ('approved', 'failed', 'blocked', 'withdrawn'))
);
create index nomination_group on nomination (group_no, nomination_no);
create unique index nomination_open on nomination (group_no, account_no) where ended_micros is null;
create table nomination_approval (
  nomination_no  integer not null references nomination,
  approver_no    integer not null references account,
  approved_micros bigint not null,
  primary key (nomination_no, approver_no)
);
create table attestation (                    -- what a voucher affirms, every wording that there ever was
  group_no       integer not null references trust_group,
  name           text collate "C" not null,
  version        integer not null,
  text           text not null,
  required       boolean not null default true,
  created_micros bigint not null,
  retired_micros bigint,
  primary key (group_no, name, version)
);
insert into attestation (group_no, name, version, text, created_micros)
  select g.group_no, standard.name, 1, standard.text, g.created_micros from trust_group g cross join (values
    ('met', 'I have met this person face to face, more than once.'),
    ('trust', 'I trust this person to act on what they learn here, and to keep it.'),
    ('fate', 'I am willing to share the fate of this person’s membership.')) as standard (name, text);
create table vouch (                          -- append only but for its end: a changed text is another vouch
  vouch_no       integer generated always as identity primary key,
  group_no       integer not null references trust_group,
  voucher_no     integer not null references account,
  vouchee_no     integer not null references account,
  text           text not null default '',
  attested       text not null default '[]',  -- JSON: [{"name": "met", "version": 1}]
  made_micros    bigint not null,
  expires_micros bigint,
  ended_micros   bigint,
  end_reason     text check (end_reason in ('withdrawn', 'replaced', 'left', 'nomination-failed', 'voided')),
  statement      text,                        -- the text that was signed
  signature      text,                        -- detached, armored
  signed_by      text                         -- fingerprint
);
create unique index vouch_current on vouch (group_no, voucher_no, vouchee_no) where ended_micros is null;
create index vouch_received on vouch (group_no, vouchee_no) where ended_micros is null;
create index vouch_everything on vouch (group_no, vouchee_no, vouch_no);
create table vouch_mark (                     -- "I do not know this person": private to who made it
  group_no       integer not null references trust_group,
  voucher_no     integer not null references account,
  vouchee_no     integer not null references account,
  marked_micros  bigint not null,
  primary key (group_no, voucher_no, vouchee_no)
);
create table vouch_signal (
  signal_no      integer generated always as identity primary key,
  group_no       integer not null references trust_group,
  about_no       integer not null references account,
  by_no          integer not null references account,
  kind           text not null check (kind in ('decline', 'concern')),
  reason         text not null,
  made_micros    bigint not null,
  expires_micros bigint,
  rebuttal       text not null default '',
  settled_micros bigint,
  settled_by_no  integer references account,
  settlement     text not null default ''
);
create index vouch_signal_about on vouch_signal (group_no, about_no);
create table vouch_export (                   -- who took the vouches of a group away, for its members to see
  export_no      integer generated always as identity primary key,
  group_no       integer not null references trust_group,
  account_no     integer references account,  -- null: the operator
  at_micros      bigint not null,
  vouches        integer not null
);
create index vouch_export_group on vouch_export (group_no, export_no);
create table group_field (                    -- custom fields of a group
  group_no       integer not null references trust_group,
  name           text collate "C" not null,
  label          text not null,
  created_micros bigint not null,
  retired_micros bigint,
  primary key (group_no, name)
);
create table member_field (
  group_no       integer not null references trust_group,
  account_no     integer not null references account,
  name           text collate "C" not null,
  value          text not null,
  primary key (group_no, account_no, name)
);
create table admission_request (              -- somebody without an account asks to be invited
  request_no     integer generated always as identity primary key,
  group_no       integer references trust_group, -- null: the site's administrators decide where it goes
  name           text not null,
  email          text not null,
  affiliation    text not null default '',
  message        text not null default '',
  made_micros    bigint not null,
  settled_micros bigint,
  settled_by_no  integer references account,
  outcome        text check (outcome in ('invited', 'nominated', 'declined'))
);
create index admission_request_open on admission_request (group_no, request_no) where settled_micros is null;

create table participant_map (                -- every version; the newest counts
  version_no     integer generated always as identity primary key,
  entries        text not null,               -- JSON, as policies/participant-map.ts writes it
  sha256         bytea not null,
  note           text not null default '',
  made_by        text not null,
  made_micros    bigint not null
);
create table imported_person (                -- people of another portal, to recognise them in a second run
  source         text not null,
  outside_id     text not null,
  account_no     integer not null references account,
  primary key (source, outside_id)
);
create table imported_group (
  source         text not null,
  outside_name   text not null,
  group_no       integer not null references trust_group,
  primary key (source, outside_name)
);

alter table api_root add column group_no integer references trust_group; -- whose it is
alter table collection add column audience text not null default 'granted'
  check (audience in ('granted', 'members', 'coordinators')); -- of the group that owns the root; 'granted': accounts that were named
create unique index api_root_group on api_root (group_no) where group_no is not null;

alter table one_time_link drop constraint one_time_link_purpose_check;
alter table one_time_link add constraint one_time_link_purpose_check
  check (purpose in ('invitation', 'recovery', 'welcome', 'address'));
create table digest_entry (                   -- what waits for the digest of a member
  entry_no       bigint generated always as identity primary key,
  account_no     integer not null references account,
  kind           text not null,
  path           text not null,
  at_micros      bigint not null,
  told_micros    bigint                       -- when a digest told of it
);
create index digest_entry_account on digest_entry (account_no, entry_no)
`
