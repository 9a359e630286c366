import { DIGEST_PACES, nextDigestMicros, noticesOf, setDigestPace, type Told } from '../../notices/digest.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { emptyState } from '../components/empty-state.ts'
import { radioGroup } from '../components/field.ts'
import { form } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

/** What one was told of, and how fast one wants to be told. */
export const ownNoticeRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/notices', noticesPage),
  signedIn('set-self').post('/account/notices', choose),
]

async function noticesPage(visit: Visit): Promise<Page> {
  const { context, account, words, nowMicros } = visit
  const text = words.digests
  const { pace, told } = await noticesOf(context.database, account.accountNo)
  const waiting = told.filter(({ waits }) => waits).length
  return page(
    text.title,
    html`${accountTabs(visit, 'notices')} ${pageHeader({ title: text.title, lead: text.lead })}
    ${
      waiting > 0 &&
      html`<p>
        ${text.waiting(waiting)} ${text.next}
        ${time(visit, nextDigestMicros(pace === 'weekly' ? 'weekly' : 'daily', nowMicros))}
      </p>`
    }
    ${told.length === 0 ? emptyState({ what: text.none, why: text.whyNone }) : toldTable(visit, told)}
    ${panel(
      text.pace,
      form(visit, {
        action: '/account/notices',
        submit: text.save,
        fields: radioGroup({
          name: 'pace',
          label: text.paceLabel,
          hint: text.paceHint,
          value: pace,
          options: DIGEST_PACES.map((value) => ({ value, label: text.paces[value] })),
        }),
      }),
    )}`,
  )
}

function toldTable(visit: Visit, told: readonly Told[]): Html {
  const text = visit.words.digests
  const { kinds } = visit.words.notices
  return table({
    caption: text.list,
    columns: [text.about, text.when, text.state].map((label) => ({ label })),
    rows: told.map(({ kind, path, atMicros, waits }) => {
      const name = text.kinds[kind] ?? kinds[kind] ?? text.other
      return [
        path === undefined ? name : html`<a href="${path}">${name}</a>`,
        time(visit, atMicros),
        waits ? badge(text.waits, 'warn') : text.told,
      ]
    }),
  })
}

async function choose(visit: Visit): Promise<Answer> {
  const { context, account, session, words } = visit
  const pace = DIGEST_PACES.find((each) => each === line(visit.form, 'pace'))
  if (pace) {
    await setDigestPace(context.database, account.accountNo, pace)
    session.toast = words.digests.saved
  }
  return seeOther('/account/notices')
}
