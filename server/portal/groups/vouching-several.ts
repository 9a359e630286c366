import { NotFoundError, TrustGroupError } from '../../errors.ts'
import { MAX_AT_ONCE, vouchForSeveral } from '../../members/vouching/vouch.ts'
import { type VouchDesk, vouchDesk } from '../../members/vouching/vouch-page.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { byOf } from '../by.ts'
import { form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { html } from '../html.ts'
import { sentence } from '../refusal.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { paragraphs, vouchFields } from './vouch-fields.ts'

const PATH = '/groups/:group/vouching/several'

/** Vouching for some people at once, with care: one text and one set of ticks for each. */
export const vouchingSeveralRoutes: readonly Route[] = [
  inGroup('vouch').get(PATH, chosenPage),
  inGroup('vouch').post(PATH, giveAll),
]

async function chosenPage(visit: GroupVisit): Promise<Answer> {
  const chosen = visit.query.getAll('who')
  if (chosen.length === 0) return seeOther(`/groups/${visit.group.name}/vouching`)
  return severalPage(visit, await desksOf(visit, chosen), {})
}

/** Those who were chosen; nobody twice, and not oneself. */
async function desksOf(visit: GroupVisit, handles: readonly string[]): Promise<readonly VouchDesk[]> {
  const { context, group, account, nowMicros } = visit
  const chosen = [...new Set(handles)]
  if (chosen.length === 0 || chosen.length > MAX_AT_ONCE) throw new NotFoundError('this page')
  const desks: VouchDesk[] = []
  for (const vouchee of chosen) {
    const place = { group: group.name, vouchee, viewerNo: account.accountNo, nowMicros }
    desks.push(await vouchDesk(context.database, { ...byOf(visit), ...place }))
  }
  return desks
}

async function giveAll(visit: GroupVisit): Promise<Answer> {
  const { form: sent, context, group, session, words } = visit
  const desks = await desksOf(visit, sent.getAll('who'))
  const drafts = desks.map(({ subject }, at) => ({ vouchee: subject.handle, ...draftOf(sent, at) }))
  const mistakes = Object.assign({}, ...drafts.map((draft, at) => missingOf(visit, desks[at], draft.attested, at)))
  if (Object.keys(mistakes).length > 0) return severalPage(visit, desks, mistakes)
  try {
    await vouchForSeveral(context, { ...byOf(visit), group: group.name, vouches: drafts })
  } catch (error) {
    if (!(error instanceof TrustGroupError) || error.status === 404) throw error
    return severalPage(visit, desks, { 'text-0': sentence(error.message) })
  }
  session.toast = words.vouching.severalGiven(drafts.length)
  return seeOther(`/groups/${group.name}/vouching`)
}

/** For whom a required statement was not ticked, so that the mistake stands where it was made. */
function missingOf(visit: GroupVisit, desk: VouchDesk | undefined, attested: readonly string[], at: number) {
  const missing = desk?.attestations.some((each) => each.required && !attested.includes(`${each.name}:${each.version}`))
  return missing ? { [`attested-${at}`]: `${desk?.subject.name ?? ''}: ${visit.words.vouching.attestHint}` } : {}
}

function draftOf(sent: URLSearchParams, at: number) {
  return { text: paragraphs(sent, `text-${at}`), attested: sent.getAll(`attested-${at}`) }
}

function severalPage(visit: GroupVisit, desks: readonly VouchDesk[], mistakes: Readonly<Record<string, string>>): Page {
  const { words, group, form: sent } = visit
  const text = words.vouching
  return page(
    `${text.severalTitle} · ${group.title}`,
    html`${pageHeader({ title: text.severalTitle, lead: text.severalLead(desks.length) })}
    ${mistakeSummary(visit, mistakes)}
    ${form(visit, {
      action: `/groups/${group.name}/vouching/several`,
      fields: desks.map(({ subject, affiliation, attestations, own }, at) => {
        const written = draftOf(sent, at)
        const draft = { text: written.text || (own?.text ?? ''), attested: written.attested }
        return panel(
          subject.name,
          html`<p class="hint">${affiliation}</p>
            <input type="hidden" name="who" value="${subject.handle}" />
            ${vouchFields(visit, { attestations, draft, mistakes, of: `-${at}` })}`,
        )
      }),
      submit: text.severalSubmit,
      beside: html`<a class="button quiet" href="/groups/${group.name}/vouching">${text.toPanel}</a>`,
    })}`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}
