import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { generateKey, readKey } from 'openpgp'
import pg from 'pg'

/** Stands in every secret of the seed: after an import it must be nowhere. */
export const BAIT = 'BaitThatNobodyMayEverFind'

/** The PostgreSQL that plays the other system's; the embedded database of a test is never one. */
const SERVER = process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** False, or why the tests are skipped. */
export const noPostgres: string | false = await ask('select 1').then(
  () => false,
  () => 'no PostgreSQL answers at 127.0.0.1:5432 or TEST_DATABASE_URL',
)

/** Runs statements on the server, or in one of its databases. */
export async function ask(statements: string, url = SERVER): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(statements)
    return result.rows
  } finally {
    await client.end()
  }
}

/** Keys of the people of the seed. */
export async function seedKeys() {
  const [mira, otto, other] = await Promise.all([
    madeKey('Mira Lang', 'mira@pier.example'),
    madeKey('Otto Brand', 'otto@crane.example', true),
    madeKey('Somebody Else', 'else@nowhere.example'),
  ])
  return { mira, otto, other }
}

export type SeedKeys = Awaited<ReturnType<typeof seedKeys>>

async function madeKey(name: string, email: string, isExpired = false) {
  const { publicKey } = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name, email }],
    date: new Date('2020-01-01T00:00:00Z'),
    ...(isExpired && { keyExpirationTime: 365 * 86_400 }),
    format: 'object',
  })
  return { armored: publicKey.armor(), fingerprint: publicKey.getFingerprint().toUpperCase(), publicKey }
}

/** Several keys in one block, as an export of a ring has them. */
export async function ringOf(...keys: readonly { readonly armored: string }[]): Promise<string> {
  const parts = await Promise.all(keys.map(async ({ armored }) => (await readKey({ armoredKey: armored })).write()))
  const { armor, enums } = await import('openpgp')
  return armor(enums.armor.publicKey, Buffer.concat(parts))
}

/** A picture of one pixel with a text in it that must not come along. */
export function picture(text: string): string {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`Comment\0${text}`)),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ]).toString('base64')
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  }
  return (value ^ 0xffffffff) >>> 0
}

/** A database that plays the other portal. */
export interface SeededPortal {
  readonly url: string
  /** As a user who may select only what an importer is to read. */
  readonly readerUrl: string
  run(statements: string): Promise<readonly Record<string, unknown>[]>
  [Symbol.asyncDispose](): Promise<void>
}

/** Makes and fills a database in the shape of Trident, or of the Perl portal. */
export async function seededPortal(keys: SeedKeys, shape: 'trident' | 'perl' = 'trident'): Promise<SeededPortal> {
  const name = `vouchsafe_portal_${randomBytes(6).toString('hex')}`
  const reader = `${name}_reader`
  await ask(`create database ${name} template template0 encoding 'UTF8'`)
  const url = new URL(SERVER)
  url.pathname = `/${name}`
  const run = (statements: string) => ask(statements, url.href)
  await run(TABLES)
  await run(await rowsOf(keys))
  if (shape === 'perl') await run(AS_PERL)
  await run(`create role ${reader} login; grant usage on schema public to ${reader}`)
  const tables = await run(
    `select table_name, string_agg(quote_ident(column_name), ', ') as columns from information_schema.columns
      where table_schema = 'public' and column_name not in
            ('password', 'passwd_chat', 'recover_password', 'verify_token', 'key', 'seckey')
         or table_name in ('schema_metadata', 'config') and table_schema = 'public'
      group by table_name`,
  )
  for (const row of tables)
    await run(`grant select (${String(row['columns'])}) on ${String(row['table_name'])} to ${reader}`)
  const readerUrl = new URL(url)
  readerUrl.username = reader
  return {
    url: url.href,
    readerUrl: readerUrl.href,
    run,
    [Symbol.asyncDispose]: async () => {
      await ask(`drop database ${name} with (force)`)
      await ask(`drop role ${reader}`)
    },
  }
}

const TABLES = `
create table schema_metadata (key text primary key, value integer not null);
create table config (key text primary key, value text not null);
create table member_state (ident text primary key, can_login boolean not null, can_see boolean not null,
  can_send boolean not null, can_recv boolean not null, blocked boolean not null, hidden boolean not null);
create table trustgroup (ident text primary key, descr text not null, shortname text not null,
  min_invouch integer not null, target_invouch integer not null, min_outvouch integer not null,
  please_vouch boolean not null, vouch_adminonly boolean not null, nom_enabled boolean not null,
  pgp_required boolean not null, max_vouchdays integer not null, can_time_out boolean not null,
  max_inactivity interval not null, idle_guard interval not null, has_wiki boolean not null default false,
  has_calendar boolean not null default false, has_file boolean not null default false);
create table attestations (ident text not null, descr text not null, trustgroup text not null references trustgroup on update cascade,
  primary key (ident, trustgroup));
create table member (ident text primary key, uuid uuid not null unique, descr text not null default '',
  name_first text, name_last text, affiliation text not null default '', tz_info text not null default '',
  im_info text not null default '', tel_info text not null default '', sms_info text default '',
  post_info text not null default '', bio_info text not null default '', airport text default '???', image text default '',
  no_email boolean not null default false, hide_email boolean not null default false,
  furlough boolean not null default false, sysadmin boolean not null default false, recover_email text,
  ssh_key text default '', entered timestamp not null, activity timestamp not null,
  password text, passwd_chat text, recover_password text);
create table member_email (member text not null references member on update cascade, email text not null unique,
  verified boolean not null default false, pgpkey_id text default '', pgpkey_expire timestamp default to_timestamp(0),
  keyring text default '', keyring_update_at timestamp default to_timestamp(0), verify_token text,
  primary key (member, email));
create table member_trustgroup (member text not null references member on update cascade,
  trustgroup text not null references trustgroup on update cascade, state text not null references member_state,
  admin boolean not null default false, email text not null, entered timestamp not null, activity timestamp not null,
  primary key (member, trustgroup),
  foreign key (member, email) references member_email (member, email) on update cascade);
create table member_vouch (vouchor text not null, vouchee text not null, trustgroup text not null references trustgroup on update cascade,
  comment text not null default '', entered timestamp not null, positive boolean not null,
  primary key (vouchor, vouchee, trustgroup),
  foreign key (vouchor, trustgroup) references member_trustgroup (member, trustgroup) on update cascade,
  foreign key (vouchee, trustgroup) references member_trustgroup (member, trustgroup) on update cascade);
create table mailinglist (lhs text not null, trustgroup text not null references trustgroup on update cascade, descr text not null,
  always_crypt boolean not null default false, virtual boolean not null default false, seckey text,
  primary key (lhs, trustgroup));
create table member_mailinglist (member text not null references member on update cascade, lhs text not null, trustgroup text not null,
  primary key (member, lhs, trustgroup));
create table member_detail_types (type text not null unique, display_name text not null);
create table member_details (member text not null references member on update cascade, type text not null, entered timestamp not null, value text not null);
create table member_language_skill (member text not null references member on update cascade, language text not null, skill text not null);
create table second_factor_types (type text not null unique, descr text not null);
create table second_factors (id serial, member text not null references member on update cascade, type text not null, active boolean not null, key text);
create table audit_history (member text references member on update cascade, what text not null, entered timestamp not null,
  username text, trustgroup text, remote text not null default '');`

async function rowsOf({ mira, otto, other }: SeedKeys): Promise<string> {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
  const hash = `$1$${BAIT.slice(0, 8)}$${BAIT}`
  const ring = await ringOf(mira, other, otto)
  return `
insert into schema_metadata values ('portal_schema_version', 21), ('app_schema_version', 0);
insert into config values ('name', 'Old Harbour'), ('email_domain', 'lists.pier.example');
insert into member_state values
  ('nominated', false, false, false, false, false, false), ('vetted', false, false, false, false, false, false),
  ('approved', true, true, false, false, false, false), ('active', true, true, true, true, false, false),
  ('inactive', true, true, true, false, false, false), ('soonidle', true, true, true, true, false, false),
  ('idle', true, true, true, false, false, false), ('failed', false, false, false, false, false, true),
  ('blocked', false, false, false, false, true, true), ('deceased', false, false, false, false, true, false),
  ('probation', true, false, false, false, false, false);
insert into trustgroup (ident, descr, shortname, min_invouch, target_invouch, min_outvouch, please_vouch, vouch_adminonly,
    nom_enabled, pgp_required, max_vouchdays, can_time_out, max_inactivity, idle_guard) values
  ('quay', 'Quay Watch', 'Q', 1, 2, 1, true, true, false, true, 0, false, '90 days', '7 days'),
  ('dock', 'Dock Hands', 'D', 0, 2, 0, true, false, true, false, 30, true, '4320:00:00', '336:00:00');
insert into attestations values ('met', 'I met them.', 'quay'), ('stand', 'I stand by them.', 'quay'), ('shift', 'We shared a shift.', 'dock');
insert into member (ident, uuid, descr, affiliation, tz_info, airport, image, sysadmin, bio_info, sms_info, ssh_key, entered, activity,
    password, passwd_chat, recover_password) values
  ('mira', '00000000-0000-4000-8000-000000000001', 'Mira Lang', 'Pier Works', 'Europe/Oslo', 'osl', ${quoted(picture(`${BAIT} picture`))}, true,
    E'First line.\\nSecond line.', '+47.5550', 'ssh-ed25519 AAAA mira', '2015-01-01 12:00', '2026-11-01 12:00',
    '${hash}', '${hash}', '${BAIT}'),
  ('otto', '00000000-0000-4000-8000-000000000002', 'Otto Brand', 'Crane & Co', 'UTC-5', 'HAM', '', false, '', '', '', '2015-02-01 12:00', '2026-10-01 12:00', '${hash}', '', null),
  ('tove', '00000000-0000-4000-8000-000000000003', 'Tove Myhre', '@delta.example', '', '???', null, false, '', null, null, '2016-01-01 12:00', '2026-11-10 12:00', '${hash}', '', null),
  ('nils', '00000000-0000-4000-8000-000000000004', 'Nils Arne', '@fresh.example', '', null, '', false, 'Crane driver.', '', '', '2026-11-15 12:00', '2026-11-15 12:00', null, '', null),
  ('pia', '00000000-0000-4000-8000-000000000005', 'Pia Storm', 'Storm', '', 'OSL', '', false, '', '', '', '2016-05-01 12:00', '2026-06-05 12:00', '${hash}', '', null),
  ('zora', '00000000-0000-4000-8000-000000000006', 'Zora Z', '', '', '', '', false, '', '', '', '2026-01-01 12:00', '2026-11-01 12:00', '${hash}', '', null);
update member set furlough = true where ident = 'tove';
update member set no_email = true where ident = 'pia';
insert into member_email (member, email, verified, pgpkey_id, keyring, verify_token) values
  ('mira', 'mira@pier.example', true, ${quoted(mira.fingerprint.slice(-16).replace(/^0+/, ''))}, ${quoted(mira.armored)}, null),
  ('mira', 'mira@second.example', true, '', ${quoted(mira.armored)}, '${BAIT}'),
  ('otto', 'otto@crane.example', true, ${quoted(otto.fingerprint.slice(-8).toLowerCase())}, ${quoted(ring)}, null),
  ('tove', 'tove@delta.example', true, '0123ABCD', null, null),
  ('nils', 'nils@fresh.example', true, null, null, null),
  ('pia', 'pia@storm.example', true, '', '', null), ('pia', 'pia@old.example', false, '', '', null),
  ('zora', 'zora@z.example', true, '', '', null);
insert into member_trustgroup (member, trustgroup, admin, entered, activity, state, email) values
  ('mira', 'quay', true, '2015-01-01 12:00', '2026-10-01 12:00', 'active', 'mira@pier.example'),
  ('otto', 'quay', false, '2015-02-01 12:00', '2026-10-01 12:00', 'active', 'otto@crane.example'),
  ('tove', 'quay', false, '2016-01-01 12:00', '2026-11-10 12:00', 'inactive', 'tove@delta.example'),
  ('pia', 'quay', false, '2016-05-01 12:00', '2020-01-01 12:00', 'blocked', 'pia@storm.example'),
  ('mira', 'dock', true, '2018-01-01 12:00', '2018-01-01 12:00', 'active', 'mira@second.example'),
  ('tove', 'dock', false, '2026-10-01 12:00', '2026-10-01 12:00', 'approved', 'tove@delta.example'),
  ('nils', 'dock', false, '2026-11-15 12:00', '2026-11-15 12:00', 'nominated', 'nils@fresh.example'),
  ('pia', 'dock', false, '2019-01-01 12:00', '2026-06-05 12:00', 'soonidle', 'pia@storm.example'),
  ('zora', 'dock', false, '2026-01-01 12:00', '2026-11-01 12:00', 'probation', 'zora@z.example');
insert into member_vouch values
  ('mira', 'otto', 'quay', 'Same crane for years.', '2015-02-01 12:00', true), ('otto', 'mira', 'quay', '', '2015-02-02 12:00', true),
  ('mira', 'tove', 'quay', E'Met twice.\\n"Steady".', '2016-01-01 12:00', true), ('otto', 'pia', 'quay', '', '2017-01-01 12:00', false),
  ('mira', 'pia', 'dock', 'Found the fault.', '2019-01-01 12:00', true), ('mira', 'tove', 'dock', '', '2026-10-01 12:00', true),
  ('tove', 'nils', 'dock', 'Knows the yard.', '2026-11-16 12:00', true), ('mira', 'nils', 'dock', 'Led the drill.', '2026-11-15 12:00', true),
  ('pia', 'nils', 'dock', '', '2026-11-17 12:00', false), ('mira', 'zora', 'dock', '', '2026-01-01 12:00', true);
insert into mailinglist values ('general', 'quay', 'General', true, false, '-----BEGIN PGP PRIVATE KEY BLOCK----- ${BAIT}');
insert into member_mailinglist values ('mira', 'general', 'quay'), ('otto', 'general', 'quay'), ('pia', 'general', 'quay');
insert into member_detail_types values ('badge', 'Gate badge'), ('unused', 'Unused');
insert into member_details values ('otto', 'badge', '2022-01-01', 'G-1'), ('otto', 'badge', '2023-01-01', 'G-2');
insert into member_language_skill values ('mira', 'nb', 'native'), ('mira', 'en', 'expert'), ('otto', 'tlh', 'native');
insert into second_factor_types values ('TOTP', 'Time'), ('U2F', 'Of a branch');
insert into second_factors (member, type, active, key) values ('mira', 'TOTP', true, '${BAIT}'), ('mira', 'U2F', true, '${BAIT}'), ('otto', 'TOTP', false, '${BAIT}');
insert into audit_history (member, what, entered, username, trustgroup, remote) values
  ('otto', 'SQL: UPDATE member m SET password = ''${hash}'' WHERE m.ident = ''otto''', '2015-09-01', null, null, ''),
  ('mira', 'Added member nils to group dock', '2026-11-15', 'nils', 'dock', '192.0.2.10'),
  ('mira', 'Changed a note to ${hash}', '2026-11-16', null, null, '');`
}

/** What an importer meets in the older system: columns that came later are gone, and null is the one way to say none. */
const AS_PERL = `
drop table config;
update schema_metadata set value = 1 where key = 'portal_schema_version';
delete from schema_metadata where key = 'app_schema_version';
alter table trustgroup drop column has_calendar, drop column has_file;
alter table audit_history drop column username, drop column trustgroup, drop column remote;
alter table member drop column name_first, drop column name_last;
update member set sms_info = nullif(sms_info, ''), airport = nullif(airport, '???'), image = nullif(image, ''), ssh_key = nullif(ssh_key, '');
update member_email set pgpkey_id = lower(right(nullif(pgpkey_id, ''), 8)), keyring = nullif(keyring, ''), pgpkey_expire = null;`
