import { groupCards } from '../../members/group-cards.ts'
import { vcard } from '../../members/vcard.ts'
import { type Download, type Page, page } from '../answer.ts'
import { pageHeader } from '../components/page-header.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { html } from '../html.ts'
import { inGroup, type Route } from '../route.ts'
import type { GroupVisit } from '../visit.ts'
import { spaced } from './member-profile.ts'

/** How to reach everybody: a card to print before it is needed, and a file for address books. */
export const cardRoutes: readonly Route[] = [
  inGroup('see-members').get('/groups/:group/cards', cardPage),
  inGroup('see-members').get('/groups/:group/cards/vcards', vcardFile),
]

async function cardPage(visit: GroupVisit): Promise<Page> {
  const { context, group, words, nowMicros } = visit
  const { groups: text } = words
  const cards = await groupCards(context.database, group, nowMicros)
  return page(
    `${text.cards} · ${group.title}`,
    html`${pageHeader({
        title: `${text.cards}: ${group.title}`,
        lead: html`${text.cardsMade(cards.length)} ${time(visit, nowMicros)}. ${text.cardsLead}`,
        actions: html`<a class="button quiet" href="/groups/${group.name}/cards/vcards">${text.vcards}</a>`,
      })}
      ${table({
        caption: text.cardsCaption,
        columns: [text.member, text.phone, text.sms, text.im, text.email, text.keyFingerprint].map((label) => ({
          label,
        })),
        rows: cards.map((card) => [
          html`<a href="/groups/${group.name}/members/${card.account}">${card.name}</a>
            ${card.organisation !== '' && html`<span class="hint">${card.organisation}</span>`}`,
          card.phone,
          card.sms,
          card.im,
          card.email,
          card.fingerprint !== '' && html`<code>${spaced(card.fingerprint)}</code>`,
        ]),
      })}
      <p class="no-print"><a href="/groups/${group.name}/members">${text.backToMembers}</a></p>`,
  )
}

async function vcardFile({ context, group, nowMicros }: GroupVisit): Promise<Download> {
  const cards = await groupCards(context.database, group, nowMicros)
  return {
    kind: 'download',
    name: `${group.name}.vcf`,
    mediaType: 'text/vcard; charset=utf-8',
    chunks: cards.map(vcard),
  }
}
