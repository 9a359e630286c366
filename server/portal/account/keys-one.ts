import { findKey, listGroupKeys, type OwnKey } from '../../keys/list-keys.ts'
import { pinCertificate } from '../../keys/pin-certificate.ts'
import { openStatement, askProof, proveByNonce, proveBySignature } from '../../keys/proof.ts'
import { retireCertificate } from '../../keys/retire-certificate.ts'
import { NotFoundError } from '../../errors.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { confirm } from '../components/confirm.ts'
import { facts } from '../components/facts.ts'
import { actionButton, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import { takeSecretOnce } from '../secret-once.ts'
import type { Visit } from '../visit.ts'
import { proofForms } from './keys-proof.ts'
import { refusalAt } from './keys-refusal.ts'
import { fingerprint, keyBadges, keyEnd } from './keys-show.ts'
import { accountTabs } from './tabs.ts'

/** One key: how it is, the proof that one holds it, the groups that use it. */
export const oneKeyRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/keys/:fingerprint', (visit) => keyPage(visit, {})),
  signedIn('set-self').post('/account/keys/:fingerprint/ask', ask),
  signedIn('set-self').post('/account/keys/:fingerprint/sign', sign),
  signedIn('set-self').post('/account/keys/:fingerprint/word', word),
  signedIn('set-self').post('/account/keys/:fingerprint/pin', pin),
  signedIn('see-self').get('/account/keys/:fingerprint/retire', retirePage),
  signedIn('set-self').post('/account/keys/:fingerprint/retire', retire),
]

/** The key that the path names; nobody's but one's own. */
async function keyOf({ context, account, params }: Visit): Promise<OwnKey> {
  const wanted = params['fingerprint'] ?? ''
  const key = /^[0-9A-F]{40,64}$/.test(wanted) ? await findKey(context, account.accountNo, wanted) : undefined
  if (!key) throw new NotFoundError('this page')
  return key
}

async function ask(visit: Visit): Promise<Answer> {
  const { context, account, session, words } = visit
  const { fingerprint: hex } = await keyOf(visit)
  const { encrypted } = await askProof(context, { owner: account, fingerprint: hex })
  if (encrypted !== undefined) session.secretOnce = { kind: `key ${hex}`, lines: [encrypted] }
  session.toast = words.keys.asked
  return seeOther(`/account/keys/${hex}#proof`)
}

async function sign(visit: Visit): Promise<Answer> {
  const { context, account, form: sent } = visit
  const signature = sent.get('signature') ?? ''
  return await proving(visit, 'signature', (hex) =>
    proveBySignature(context, { owner: account, fingerprint: hex, signature }),
  )
}

async function word(visit: Visit): Promise<Answer> {
  const { context, account, form: sent } = visit
  const read = line(sent, 'word')
  return await proving(visit, 'word', (hex) => proveByNonce(context, { owner: account, fingerprint: hex, word: read }))
}

async function proving(visit: Visit, field: string, prove: (hex: string) => Promise<void>): Promise<Answer> {
  const { fingerprint: hex } = await keyOf(visit)
  try {
    await prove(hex)
  } catch (error) {
    return await keyPage(visit, refusalAt(error, field))
  }
  visit.session.toast = visit.words.keys.wasProven
  return seeOther(`/account/keys/${hex}`)
}

async function pin(visit: Visit): Promise<Answer> {
  const { context, account, form: sent, session, words } = visit
  const { fingerprint: hex } = await keyOf(visit)
  const group = line(sent, 'group')
  let result
  try {
    result = await pinCertificate(context, { ...byOf(visit), owner: account, group, fingerprint: hex })
  } catch (error) {
    return await keyPage(visit, refusalAt(error, 'groups'))
  }
  const title = (await listGroupKeys(context, account)).find((each) => each.group === group)?.title ?? group
  session.toast = result.outcome === 'pinned' ? words.keys.pinned(title) : words.keys.pinWaits(title)
  return seeOther(result.outcome === 'pinned' ? `/account/keys/${hex}` : '/account/keys')
}

async function retirePage(visit: Visit): Promise<Page> {
  const { fingerprint: hex } = await keyOf(visit)
  const text = visit.words.keys
  return page(
    text.retireTitle,
    html`${accountTabs(visit, 'keys')} ${pageHeader({ title: text.retireTitle, lead: fingerprint(hex) })}
    ${confirm(visit, {
      question: text.retireTitle,
      consequence: text.retireLead,
      action: `/account/keys/${hex}/retire`,
      submit: text.retire,
      back: { path: `/account/keys/${hex}`, label: visit.words.account.back },
    })}`,
  )
}

async function retire(visit: Visit): Promise<Answer> {
  const { context, account, session, words } = visit
  const { fingerprint: hex } = await keyOf(visit)
  await retireCertificate(context, { owner: account, fingerprint: hex })
  session.toast = words.keys.retired
  return seeOther('/account/keys')
}

async function keyPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, account, words } = visit
  const key = await keyOf(visit)
  const hex = key.fingerprint
  const text = words.keys
  const statement = await openStatement(context, { owner: account, fingerprint: hex })
  const [encrypted] = takeSecretOnce(visit, `key ${hex}`) ?? []
  return page(
    text.keyTitle(hex),
    html`${accountTabs(visit, 'keys')} ${pageHeader({ title: text.keyTitle(hex), lead: keyBadges(visit, key) })}
      ${mistakeSummary(visit, mistakes)}
      ${facts([
        [text.fingerprint, fingerprint(hex)],
        [text.algorithm, key.algorithm],
        [text.addresses, key.addresses.join(', ')],
        [text.made, time(visit, key.madeMicros)],
        [text.expires, keyEnd(visit, key.expiresMicros)],
        [text.origin, text.origins[key.origin]],
      ])}
      ${key.problems.length > 0 && problemPanel(visit, key)}
      ${
        key.provenMicros === undefined
          ? panel(text.proof, proofForms(visit, { key, statement, encrypted, mistakes }), 'proof')
          : html`<p>${text.proofDone}</p>`
      }
      ${await groupPanel(visit, key)}
      <p><a class="button danger" href="/account/keys/${hex}/retire">${text.retire}</a></p>
      <p><a href="/account/keys">${text.backToKeys}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function problemPanel({ words }: Visit, { problems }: OwnKey): Html {
  const { keys } = words
  return panel(
    keys.problems,
    html`<ul>
      ${problems.map((problem) => html`<li>${keys.problemSentence(problem)}</li>`)}
    </ul>`,
  )
}

async function groupPanel(visit: Visit, { fingerprint: hex, provenMicros, canDecrypt }: OwnKey) {
  const { context, account, words } = visit
  const text = words.keys
  const groups = await listGroupKeys(context, account)
  if (groups.length === 0) return undefined
  const rows = groups.map(({ group, title, pinned, waiting }) => [
    title,
    pinned === hex ? text.thisKey : pinned === undefined ? text.noKey : fingerprint(pinned),
    waiting?.fingerprint === hex
      ? html`${text.waiting}: ${time(visit, waiting.readyMicros)}`
      : pinned !== hex &&
        provenMicros !== undefined &&
        canDecrypt &&
        actionButton(visit, {
          action: `/account/keys/${hex}/pin`,
          label: text.pin,
          about: title,
          fields: { group },
        }),
  ])
  const columns = [{ label: text.group }, { label: text.groupKey }, { label: '' }]
  return panel(text.groups, table({ caption: text.groupList, columns, rows }), 'groups')
}
