import { Type, type Static } from 'typebox'
import Value from 'typebox/value'
import { recordAudit } from '../storage/audit-log.ts'
import type { Access } from '../storage/access.ts'
import { run } from '../storage/database.ts'
import { type Actor, raiseAccess, type SiteContext } from './site.ts'

const closed = { additionalProperties: false }
const line = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$' })

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
    name: line(100),
    /** Whom it serves: `Puget Sound`. */
    region: line(100),
    /** Whom members ask for help: a sentence, an address, a number. */
    contact: line(300),
    /** `#rrggbb`, or empty for our own. */
    colour: Type.String({ pattern: '^(#[0-9a-f]{6})?$' }),
    /** Tag of the logo that is kept; empty when there is none. */
    logoTag: line(64),
    /** Whether everyone needs a second factor. */
    secondFactor: Type.Boolean(),
    mail: MAIL,
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
  secondFactor: false,
  mail: { way: 'capture' },
}

/** The settings as of an access snapshot: no question to the database. */
export function siteSettings({ settings }: Pick<Access, 'settings'>): SiteSettings {
  const given = Object.fromEntries([...settings].map(([name, value]) => [name, JSON.parse(value) as unknown]))
  const all = { ...DEFAULTS, ...given }
  // a setting of a newer release that was rolled back is passed over, never believed
  return Value.Check(SETTINGS_SCHEMA, all) ? all : DEFAULTS
}

/** Changes settings; those that are not named stay. */
export async function setSettings(
  { database, clock }: SiteContext,
  wanted: Actor & { readonly settings: Partial<SiteSettings> },
): Promise<void> {
  const nowMicros = clock.nowMicros()
  await database.transaction(async (trx) => {
    await raiseAccess(trx)
    for (const [name, value] of Object.entries(wanted.settings)) {
      await run(
        trx,
        `insert into setting (name, value) values ($1::text, $2::text)
         on conflict (name) do update set value = excluded.value`,
        [name, JSON.stringify(value)],
      )
    }
    const detail = { settings: Object.keys(wanted.settings).join(' ') }
    await recordAudit(trx, nowMicros, [{ kind: 'settings_changed', actor: wanted.actor, detail }])
  })
}
