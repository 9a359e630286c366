import { Type, type Static } from 'typebox'
import Value from 'typebox/value'
import { UnprocessableError } from '../errors.ts'
import { recordAudit } from '../storage/audit-log.ts'
import type { Access } from '../storage/access.ts'
import { run, type Transaction } from '../storage/database.ts'
import { type Actor, raiseAccess, type SiteContext } from './site.ts'

const closed = { additionalProperties: false }
/** No control characters, no line separators, and nothing that turns the direction of the text around it. */
const LINE = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$'
const line = (maxLength: number, minLength = 0) => Type.String({ maxLength, minLength, pattern: LINE })

/** Mail leaves by one relay, or stays in a folder that the portal shows. */
const MAIL = Type.Union([
  Type.Object({ way: Type.Literal('capture') }, closed),
  Type.Object(
    {
      way: Type.Literal('relay'),
      host: Type.String({ minLength: 1, maxLength: 253 }),
      port: Type.Integer({ minimum: 1, maximum: 65535 }),
      /** `starttls` and `implicit` verify the certificate; `none` is for a relay on this machine only. */
      tls: Type.Enum(['starttls', 'implicit', 'none']),
      /** Empty when the relay asks for no sign-in; its password is sealed elsewhere. */
      user: line(200),
      /** Address that notices come from. */
      from: line(254),
    },
    closed,
  ),
])

/** Every setting that the portal and the command line can change, by its name in the database. */
export const SETTINGS_SCHEMA = Type.Object(
  {
    /** Of the site, in titles and notices. */
    name: line(100, 1),
    /** Whom it serves: `Puget Sound`. */
    region: line(100),
    /** Whom members ask for help: a sentence, an address, a number. */
    contact: line(300),
    /** `#rrggbb`, or empty for our own. */
    colour: Type.String({ pattern: '^(#[0-9a-f]{6})?$' }),
    /** Tag of the logo that is kept; empty when there is none. */
    logoTag: line(64),
    /** BCP 47; for visitors whose browser asks for no language that we have. */
    language: Type.Enum(['en', 'es']),
    /** Whether everyone needs a second factor. */
    secondFactor: Type.Boolean(),
    mail: MAIL,
    /** Step of the set-up to go on with; 0 when it was finished, or never begun. */
    setupStep: Type.Integer({ minimum: 0, maximum: 6 }),
  },
  closed,
)

/** The settings of the site, each with its default where nothing was set. */
export type SiteSettings = Static<typeof SETTINGS_SCHEMA>

const DEFAULTS: SiteSettings = {
  name: 'Vouchsafe',
  region: '',
  contact: '',
  colour: '',
  logoTag: '',
  language: 'en',
  secondFactor: false,
  mail: { way: 'capture' },
  setupStep: 0,
}

/** By the settings of a snapshot, which never changes: reading them once is enough for all its pages. */
const alreadyRead = new WeakMap<ReadonlyMap<string, string>, SiteSettings>()

/**
 * The settings as of an access snapshot: no question to the database. A stored value that does not fit (of a newer
 * release that was rolled back, or changed by hand) is passed over for its default; the others count.
 */
export function siteSettings({ settings }: Pick<Access, 'settings'>): SiteSettings {
  const known = alreadyRead.get(settings)
  if (known) return known
  const fitting = Object.entries(SETTINGS_SCHEMA.properties).flatMap(([name, schema]) => {
    const value = parsed(settings.get(name))
    return value !== undefined && Value.Check(schema, value) ? [[name, value] as const] : []
  })
  const all = { ...DEFAULTS, ...Object.fromEntries(fitting) }
  const read = Value.Check(SETTINGS_SCHEMA, all) ? all : DEFAULTS
  alreadyRead.set(settings, read)
  return read
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is wrong with a value that somebody wants to set; the faces have words for it. */
export type SettingFault = 'empty' | 'too long' | 'not one line' | 'not a colour' | 'not a choice'

/** What is wrong, by the name of the setting; empty when everything may be written. */
export type SettingFaults = Readonly<Partial<Record<keyof SiteSettings, SettingFault>>>

/** Some of the settings do not fit; nothing was written. */
export class SettingsError extends UnprocessableError {
  readonly faults: SettingFaults
  constructor(faults: SettingFaults) {
    super('bad_setting', Object.entries(faults).map(messageOf).join('; '))
    this.faults = faults
  }
}

/** What is wrong with settings that are to be written. */
export function faultsOf(settings: Readonly<Partial<SiteSettings>>): SettingFaults {
  const names = Object.keys(SETTINGS_SCHEMA.properties).filter((name) => isSetting(name))
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = settings[name]
      const schema = SETTINGS_SCHEMA.properties[name]
      return value === undefined || Value.Check(schema, value) ? [] : [[name, faultOf(name, value)] as const]
    }),
  )
}

function isSetting(name: string): name is keyof SiteSettings {
  return Object.hasOwn(SETTINGS_SCHEMA.properties, name)
}

/** Lengths of the settings that are one line, for forms and messages. */
export const MAX_LENGTH: Readonly<Partial<Record<keyof SiteSettings, number>>> = {
  name: 100,
  region: 100,
  contact: 300,
}

function faultOf(name: keyof SiteSettings, value: unknown): SettingFault {
  if (name === 'colour') return 'not a colour'
  if (typeof value !== 'string' || MAX_LENGTH[name] === undefined) return 'not a choice'
  if (value === '') return 'empty'
  return value.length > MAX_LENGTH[name] ? 'too long' : 'not one line'
}

function messageOf([name, fault]: readonly [string, SettingFault]): string {
  if (fault === 'empty') return `${name} must not be empty`
  if (fault === 'too long') return `${name} has at most ${isSetting(name) ? MAX_LENGTH[name] : ''} characters`
  if (fault === 'not one line') return `${name} is one line of plain text, without control characters`
  return fault === 'not a colour' ? `${name} is written #rrggbb, for example #0d5480` : `${name} has no such value`
}

/**
 * Changes settings; those that are not named stay.
 * @throws {SettingsError} when one of them does not fit: then none is written
 */
export async function setSettings(
  { database, clock }: SiteContext,
  wanted: Actor & { readonly settings: Readonly<Partial<SiteSettings>> },
): Promise<void> {
  await database.transaction(async (trx) => {
    await raiseAccess(trx)
    await writeSettings(trx, clock.nowMicros(), wanted)
  })
}

/**
 * The same as part of the caller's transaction, which has raised the access. What has its value already is not written
 * again and leaves no record.
 */
export async function writeSettings(
  trx: Transaction,
  nowMicros: number,
  { actor, settings }: Actor & { readonly settings: Readonly<Partial<SiteSettings>> },
): Promise<void> {
  const faults = faultsOf(settings)
  if (Object.keys(faults).length > 0) throw new SettingsError(faults)
  const changed: string[] = []
  for (const [name, value] of Object.entries(settings).filter(([each]) => isSetting(each))) {
    const { count } = await run(
      trx,
      `insert into setting (name, value) values ($1::text, $2::text)
       on conflict (name) do update set value = excluded.value where setting.value <> excluded.value`,
      [name, JSON.stringify(value)],
    )
    if (count > 0) changed.push(name)
  }
  if (changed.length === 0) return
  await recordAudit(trx, nowMicros, [{ kind: 'settings_changed', actor, detail: { settings: changed.join(' ') } }])
}
