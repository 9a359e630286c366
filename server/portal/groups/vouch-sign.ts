import { SIGNATURE_REFUSALS } from '../../../mail/openpgp/verify-statement.ts'
import { signedVouch, signVouch, statementToSign } from '../../members/vouching/vouch-signature.ts'
import type { VouchDesk } from '../../members/vouching/vouch-page.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { fingerprint } from '../account/keys-show.ts'
import { codeBlock } from '../components/code-block.ts'
import { emptyState } from '../components/empty-state.ts'
import { facts } from '../components/facts.ts'
import { textArea } from '../components/field.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { deskOf, deskPath } from './vouch.ts'

const ONE = '/groups/:group/vouch/:name'

/** Signing one's own vouch with OpenPGP, and taking the signed vouch away. */
export const vouchSignRoutes: readonly Route[] = [
  inGroup('vouch').get(`${ONE}/sign`, async (visit) => signPage(visit, await deskOf(visit), {})),
  inGroup('vouch').post(`${ONE}/sign`, sign),
  inGroup('vouch').get(`${ONE}/bundle`, bundle),
]

const FIELDS = Object.fromEntries(
  [...Object.keys(SIGNATURE_REFUSALS), 'no_key'].map((code): [string, string] => [code, 'signature']),
)

async function sign(visit: GroupVisit): Promise<Answer> {
  const { context, group, session, words, form: sent } = visit
  const desk = await deskOf(visit)
  const signature = sent.get('signature') ?? ''
  try {
    await signVouch(context, { ...byOf(visit), group: group.name, vouchee: desk.subject.handle, signature })
  } catch (error) {
    return await signPage(visit, desk, mistakeAt(error, FIELDS))
  }
  session.toast = words.vouching.signKept
  return seeOther(`${deskPath(visit, desk)}/sign`)
}

async function bundle(visit: GroupVisit): Promise<Answer> {
  const { context, group } = visit
  const { subject } = await deskOf(visit)
  const signed = await signedVouch(context, { ...byOf(visit), group: group.name, vouchee: subject.handle })
  return {
    kind: 'download',
    name: `vouch-${group.name}-${subject.handle.replaceAll(/[^\w.-]/g, '')}.json`,
    mediaType: 'application/json',
    chunks: [`${JSON.stringify(signed, undefined, 2)}\n`],
  }
}

async function signPage(visit: GroupVisit, desk: VouchDesk, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, group, words } = visit
  const text = words.vouching
  const { subject } = desk
  const path = deskPath(visit, desk)
  const toSign = await statementToSign(context, { ...byOf(visit), group: group.name, vouchee: subject.handle })
  return page(
    `${text.signTitle(subject.name)} · ${group.title}`,
    html`${pageHeader({ title: text.signTitle(subject.name), lead: text.signLead })} ${mistakeSummary(visit, mistakes)}
      ${toSign.isSigned && html`<p><a class="button" href="${path}/bundle">${text.bundle}</a></p>`}
      <h2>${text.signStatement}</h2>
      ${codeBlock(toSign.statement)}
      ${
        toSign.fingerprint === undefined
          ? emptyState({ what: text.signNoKey, why: text.signNoKeyWhy })
          : html`${facts([[text.signKey, fingerprint(toSign.fingerprint)]])}
              <p>${text.signHow}</p>
              ${codeBlock(`gpg --armor --detach-sign --local-user ${toSign.fingerprint} vouch.txt`)}
              ${form(visit, {
                action: `${path}/sign`,
                fields: textArea({
                  name: 'signature',
                  label: text.signField,
                  hint: text.signHint,
                  rows: 8,
                  required: true,
                  mistake: mistakes['signature'],
                }),
                submit: text.signSubmit,
              })}`
      }
      <p><a href="${path}">${text.title(subject.name)}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
