/**
 * The first schema: roots, collections, accounts, received objects, views (release), ledger, audit.
 * Identifiers and versions are compared byte by byte (`collate "C"`), whatever the database's own collation is.
 */
export const spine = `
create table site (
  site_no           smallint primary key check (site_no = 1),
  access_generation bigint not null,          -- raised by every change of who may do what
  created_micros    bigint not null,
  outgoing          boolean not null          -- false after a restore, until it is confirmed
);
create table secret (
  name  text collate "C" primary key,
  value bytea not null
);
create table api_root (
  root_no     integer generated always as identity primary key,
  path        text collate "C" not null unique,
  title       text not null,
  description text
);
create table account (
  account_no            integer generated always as identity primary key,
  name                  text collate "C" not null unique,
  role                  text not null check (role in ('member', 'administrator')),
  password_hash         text,
  credential_generation integer not null default 0,
  active                boolean not null default true,
  created_micros        bigint not null
);
create table collection (
  collection_no integer generated always as identity primary key,
  collection_id uuid not null unique,
  root_no       integer not null references api_root,
  alias         text collate "C",
  title         text not null,
  description   text,
  ceiling       smallint not null check (ceiling between 0 and 4),
  default_label smallint not null check (default_label between 0 and 4),
  closed        boolean not null default false,
  unique (root_no, alias)
);
create table collection_grant (
  account_no    integer not null references account,
  collection_no integer not null references collection,
  can_read      boolean not null,
  can_write     boolean not null,
  primary key (account_no, collection_no)
);
create table token (
  token_no         integer generated always as identity primary key,
  account_no       integer not null references account,
  name             text not null,
  sha256           bytea not null unique,
  scopes           text not null,
  created_micros   bigint not null,
  expires_micros   bigint not null,
  revoked_micros   bigint,
  last_used_micros bigint
);
create table account_certificate (
  fingerprint    bytea primary key,           -- SHA-256 over the DER form
  account_no     integer not null references account,
  created_micros bigint not null
);
create table setup_link (
  sha256         bytea primary key,
  expires_micros bigint not null,
  used_micros    bigint
);

-- What was received: the exact bytes, once per source.
create sequence object_no_block;              -- each value stands for 1024 numbers (object-numbers.ts)
create table object (
  object_no       bigint primary key,
  source_no       integer not null,           -- the account that gave us these bytes
  label           smallint not null,
  received_micros bigint not null,
  sha256          bytea not null,
  body            text not null,
  unique (sha256, source_no)
);

-- What one audience reads: an append-only list. The tables that grow have no foreign keys: each would cost 10 µs a row,
-- and their rows are written in one transaction with what they refer to (vouchsafe verify checks it).
create table collection_clock (               -- the row that a release locks
  collection_no integer primary key references collection,
  last_micros   bigint not null,              -- date of the newest release
  generation    bigint not null,              -- raised when something served before would now read differently
  open_first    bigint,                       -- date of the first release after the last whole segment
  open_count    integer not null,             -- releases since then
  open_objects  integer not null,             -- of these, those that are the latest version
  ledger_seq    bigint not null,
  ledger_head   bytea not null
);
create table release (
  collection_no    integer not null,
  date_added       bigint not null,           -- microseconds; unique, rising in commit order
  object_no        bigint not null,
  stix_id          text collate "C" not null,
  version          text collate "C" not null, -- normal form: no Z, no trailing zeros
  version_digits   smallint not null,         -- decimals as they were posted, to give the text back
  type             text collate "C" not null,
  latest           boolean not null,
  withdrawn_micros bigint,
  primary key (collection_no, date_added)
);
-- Each kind of question can use one index only. Where two begin with the same column, a planner with stale statistics
-- takes either for equally good, and reads a whole view to find one object (measured: 3 ms a probe instead of 3 µs). So
-- ids are looked up by the first column of their index, with "collection_no - 0", which no index serves; types by the
-- expression "collection_no + 0", which no other index has.
create unique index release_version on release (stix_id, collection_no, version) where withdrawn_micros is null;
create index release_latest on release (collection_no, date_added) where latest;
create index release_type on release ((collection_no + 0), type, date_added) where withdrawn_micros is null;

create table segment (                        -- whole ranges of 1,000 releases, sealed on first use
  collection_no     integer not null,
  first_date        bigint not null,
  last_date         bigint not null,
  objects           integer not null,         -- latest versions in the range
  generation        bigint not null,          -- of the collection, when this range last changed
  sealed_generation bigint,                   -- the body below was made at this generation
  first_returned    bigint,
  last_returned     bigint,
  crc               bigint,
  size              integer,                  -- of the body, unpacked
  body              bytea,                    -- gzip header and deflate blocks that end on a byte border
  primary key (collection_no, first_date)
);
alter table segment alter column body set storage external;
create index segment_changed on segment (generation, collection_no);

-- What left, and what was withdrawn: one hash chain per collection.
create table ledger (
  collection_no integer not null,
  seq           bigint not null,
  kind          smallint not null,            -- 1 release, 2 withdrawal
  date_added    bigint not null,              -- the release
  at_micros     bigint not null,
  actor_no      integer not null,             -- the account that caused it
  hash          bytea not null,
  primary key (collection_no, seq)
);

create table status (
  status_id      uuid primary key,
  root_no        integer not null,
  account_no     integer not null,
  expires_micros bigint not null,
  body           text not null
);
create index status_expiry on status (expires_micros);

create table audit_head (
  site_no smallint primary key check (site_no = 1),
  seq     bigint not null,
  hash    bytea not null
);
create table audit (
  seq       bigint primary key,
  at_micros bigint not null,
  kind      text not null,
  actor     text not null,
  detail    text not null,
  hash      bytea not null
);
create table read_tally (                     -- reads of the running minute, before they are chained
  minute        bigint not null,
  account_no    integer not null,
  collection_no integer not null,
  process       text not null,
  requests      bigint not null,
  objects       bigint not null,
  primary key (minute, account_no, collection_no, process)
);

create table intake_cursor (                  -- how far an import or a copy from another server has come
  name     text collate "C" primary key,
  position text not null,
  at_micros bigint not null
);
`
