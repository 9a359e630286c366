import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { PresenceFilter } from 'ldapts'
import type { CheckStep, CheckStepName } from '../providers/provider-check.ts'
import type { LdapProvider } from '../providers/providers.ts'
import { type Directory, withDirectory } from './connection.ts'
import { idOf } from './entry.ts'
import { bindSearcher } from './prove.ts'
import { LdapTrouble, troubleOf } from './trouble.ts'

const STEPS = ['connect', 'encrypt', 'bind', 'search', 'groups'] as const satisfies readonly CheckStepName[]
/** So many groups are named, for those who map them. */
const SOME = 20

/** Asks a directory as a sign-in would: connection, certificate, the account that searches, people, groups. */
export async function checkLdap(provider: LdapProvider): Promise<readonly CheckStep[]> {
  const done: CheckStep[] = []
  const onStep = (step: 'connected' | 'encrypted', socket: TLSSocket | Socket) => {
    if (step === 'connected') done.push({ step: 'connect', outcome: 'ok' })
    else done.push({ step: 'encrypt', outcome: 'ok', ...certificateOf(socket) })
  }
  try {
    await withDirectory(provider.settings, (directory) => look(provider, directory, done), onStep)
  } catch (error) {
    if (!(error instanceof LdapTrouble)) throw error
    done.push({ step: STEPS[done.length] ?? 'groups', outcome: 'failed', trouble: error.kind })
  }
  return [...done, ...STEPS.slice(done.length).map((step) => ({ step, outcome: 'skipped' as const }))]
}

async function look(provider: LdapProvider, { client, settings }: Directory, done: CheckStep[]): Promise<void> {
  // where everybody binds as themselves and nobody searches, the rest takes a person's password
  if (settings.way === 'direct' && settings.bindDn === '') return
  await bindSearcher(provider, client)
  done.push({ step: 'bind', outcome: 'ok' })
  const [person] = await some(client, settings.baseDn, settings.userAttributes[0] ?? 'uid', [settings.attributes.id], 1)
  if (!person) throw new LdapTrouble('nobody-found')
  if (idOf(person, settings.attributes.id) === undefined) throw new LdapTrouble('id-missing')
  done.push({ step: 'search', outcome: 'ok' })
  const { baseDn, memberAttribute } = settings.groups
  if (baseDn === '') return
  const listing = memberAttribute === 'memberOf' ? 'objectClass' : memberAttribute
  const groups = await some(client, baseDn, listing, ['1.1'], SOME)
  done.push({ step: 'groups', outcome: 'ok', found: groups.map(({ dn }) => dn) })
}

async function some(
  client: Directory['client'],
  base: string,
  attribute: string,
  attributes: string[],
  sizeLimit: number,
) {
  try {
    const filter = new PresenceFilter({ attribute })
    const found = await client.search(base, {
      scope: 'sub',
      filter,
      attributes,
      explicitBufferAttributes: attributes,
      sizeLimit,
    })
    return found.searchEntries
  } catch (error) {
    throw troubleOf(error, 'search-refused')
  }
}

function certificateOf(socket: TLSSocket | Socket): Pick<CheckStep, 'certificate'> {
  if (!(socket instanceof TLSSocket)) return {}
  const { subjectaltname, subject, issuer, valid_to } = socket.getPeerCertificate()
  const untilMicros = Date.parse(valid_to) * 1000
  return {
    certificate: {
      names: subjectaltname?.replaceAll(/(?:DNS|IP Address):/g, '') ?? nameOf(subject),
      issuer: nameOf(issuer),
      untilMicros,
    },
  }
}

function nameOf(of: { readonly CN?: string | readonly string[]; readonly O?: string | readonly string[] }): string {
  return [of.CN ?? of.O ?? ''].flat().join(', ')
}
