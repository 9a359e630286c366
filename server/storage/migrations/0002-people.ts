/**
 * People: what a person's account says of itself, trust groups and membership, every way to sign in, web sessions,
 * one-time links, notices, settings of the site. Secrets in `secret` columns are sealed (server/auth/seal.ts).
 */
export const people = `
alter table account add column display_name text not null default '';
alter table account add column email text;
alter table account add column language text not null default 'en';
alter table account add column time_zone text not null default 'UTC';
alter table account add column last_sign_in_micros bigint;
alter table token add column strong boolean not null default false; -- made behind a second factor
create index audit_kind on audit (kind, seq);
create index audit_actor on audit (actor, seq);
-- only records that name a group are in it: the others, of which there are many, pay for the comparison alone
create index audit_group on audit ((substring(detail from '"group":"([^"]*)"')), seq) where detail like '%"group":"%';

create table setting (                        -- of the site, as JSON; who set it is in the audit
  name  text collate "C" primary key,
  value text not null
);

create table trust_group (
  group_no       integer generated always as identity primary key,
  name           text collate "C" not null unique, -- stands in addresses
  title          text not null,
  purpose        text not null default '',
  second_factor  boolean not null default false,   -- demanded of everyone who enters
  created_micros bigint not null
);
create table membership (
  group_no       integer not null references trust_group,
  account_no     integer not null references account,
  roles          text not null default '',    -- beside member: list-owner coordinator group-administrator
  active         boolean not null default true,
  created_micros bigint not null,
  primary key (group_no, account_no)
);
create index membership_account on membership (account_no);
create table break_glass (                    -- a site administrator looks into a group, and the group is told
  break_glass_no integer generated always as identity primary key,
  group_no       integer not null references trust_group,
  account_no     integer not null references account,
  reason         text not null,
  opened_micros  bigint not null,
  expires_micros bigint not null,
  ended_micros   bigint
);
create index break_glass_group on break_glass (group_no, break_glass_no);

create table web_session (
  sha256         bytea primary key,           -- of the identifier in the cookie
  account_no     integer references account,  -- null until somebody has signed in
  data           text not null,
  device         text not null,
  network        text not null,
  issuer         text,                        -- of an OIDC sign-in: what its back-channel logout ends
  subject        text,
  provider_sid   text,
  created_micros bigint not null,
  seen_micros    bigint not null,
  expires_micros bigint not null
);
create index web_session_account on web_session (account_no);
create index web_session_expiry on web_session (expires_micros);
create index web_session_issuer on web_session (issuer, subject) where issuer is not null;
create table remembered_device (              -- needs no second factor until it expires
  sha256           bytea primary key,
  account_no       integer not null references account,
  device           text not null,
  network          text not null,
  created_micros   bigint not null,
  expires_micros   bigint not null,
  last_used_micros bigint not null
);
create index remembered_device_account on remembered_device (account_no);

create table passkey (                        -- WebAuthn credential
  credential_id    bytea primary key,
  account_no       integer not null references account,
  name             text not null,
  public_key       bytea not null,            -- COSE
  counter          bigint not null,
  transports       text not null default '',
  backed_up        boolean not null default false,
  created_micros   bigint not null,
  last_used_micros bigint
);
create index passkey_account on passkey (account_no);
create table code_generator (                 -- TOTP (RFC 6238) and HOTP (RFC 4226)
  generator_no     integer generated always as identity primary key,
  account_no       integer not null references account,
  kind             text not null check (kind in ('totp', 'hotp')),
  name             text not null,
  secret           bytea not null,
  last_counter     bigint not null default -1, -- the newest step or counter that was taken: none is taken twice
  confirmed_micros bigint,                    -- null until a first code was right
  created_micros   bigint not null,
  last_used_micros bigint
);
create index code_generator_account on code_generator (account_no);
create table recovery_code (
  account_no     integer not null references account,
  sha256         bytea not null,
  created_micros bigint not null,
  used_micros    bigint,
  primary key (account_no, sha256)
);

create table sign_in_provider (               -- an LDAP directory or an OpenID provider
  provider_no    integer generated always as identity primary key,
  name           text collate "C" not null unique, -- stands in addresses
  kind           text not null check (kind in ('ldap', 'oidc')),
  title          text not null,
  settings       text not null,               -- JSON; its schema is in server/auth
  secret         bytea,                       -- bind password or client secret
  active         boolean not null default true,
  created_micros bigint not null,
  checked_micros bigint,                      -- when it was last asked
  trouble        text                         -- the step that failed then; null when all went well
);
create table external_identity (
  issuer           text collate "C" not null, -- OIDC issuer, or ldap: and the provider's name
  subject          text collate "C" not null, -- OIDC sub, or the entry's unchanging id; never an e-mail address
  account_no       integer not null references account,
  provider_no      integer not null references sign_in_provider,
  created_micros   bigint not null,
  last_used_micros bigint,
  primary key (issuer, subject)
);
create index external_identity_account on external_identity (account_no);
create table group_mapping (                  -- an outside group makes proposals for a trust group, never members
  provider_no   integer not null references sign_in_provider,
  outside_group text not null,
  group_no      integer not null references trust_group,
  primary key (provider_no, outside_group, group_no)
);
create table membership_proposal (
  proposal_no     integer generated always as identity primary key,
  group_no        integer not null references trust_group,
  account_no      integer not null references account,
  provider_no     integer not null references sign_in_provider,
  outside_group   text not null,
  proposed_micros bigint not null,
  settled_micros  bigint,
  accepted        boolean,
  settled_by_no   integer references account,
  unique (group_no, account_no, provider_no)
);
create table spent_token (                    -- of signed tokens that count once, until they expire
  issuer         text collate "C" not null,
  token_id       text collate "C" not null,
  expires_micros bigint not null,
  primary key (issuer, token_id)
);

create table one_time_link (
  sha256         bytea primary key,
  purpose        text not null check (purpose in ('invitation', 'recovery')),
  account_no     integer references account,  -- whom a recovery is for
  group_no       integer references trust_group,
  email          text,
  display_name   text not null default '',
  made_by_no     integer references account,
  created_micros bigint not null,
  expires_micros bigint not null,
  used_micros    bigint,
  withdrawn_micros bigint
);
create index one_time_link_group on one_time_link (group_no, created_micros);
create table recovery_request (               -- a way back in, with a delay in which the owner may veto
  recovery_no     integer generated always as identity primary key,
  account_no      integer not null references account,
  link_sha256     bytea not null unique references one_time_link,
  veto_sha256     bytea not null unique,
  removes_factors boolean not null,
  needed          smallint not null,          -- vouchers who must approve; 0 when an administrator opened it
  opened_micros   bigint not null,
  ready_micros    bigint not null,            -- before this the link does nothing
  vetoed_micros   bigint,
  done_micros     bigint
);
create index recovery_request_account on recovery_request (account_no, recovery_no);
create table recovery_approval (
  recovery_no     integer not null references recovery_request,
  voucher_no      integer not null references account,
  approved_micros bigint not null,
  primary key (recovery_no, voucher_no)
);

create table attempt (                        -- wrong sign-ins in a window, by what is counted
  key          text collate "C" primary key,
  count        integer not null,
  until_micros bigint not null
);
create index attempt_until on attempt (until_micros);

create table notice (                         -- the outbox: written with what it tells of, sent by a job
  notice_no      bigint generated always as identity primary key,
  message_id     text not null unique,
  account_no     integer references account,  -- whom it is for; the address is as of the writing
  address        text not null,
  kind           text not null,
  language       text not null,
  path           text not null,               -- of the page that says the rest
  created_micros bigint not null,
  attempts       integer not null default 0,
  claimed_until_micros bigint,                -- one process tries at a time, and may die trying
  sent_micros    bigint,
  captured       boolean not null default false, -- written to a folder, as there was no relay
  refused_micros bigint,                      -- given up for good
  last_error     text
);
create index notice_waiting on notice (notice_no) where sent_micros is null and refused_micros is null;
create index notice_account on notice (account_no, notice_no)
`
