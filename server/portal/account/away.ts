import { comeBack, type Furlough, furloughOf, goAway, isAway } from '../../members/profile/furlough.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { banner } from '../components/banner.ts'
import { facts } from '../components/facts.ts'
import { textField } from '../components/field.ts'
import { actionButton, form, mistakeSummary } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { mistakeAt } from '../mistake-at.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { midnightIn, todayIn } from './away-day.ts'
import { accountTabs } from './tabs.ts'

/** Being away: no mail, and nobody grows idle meanwhile. */
export const awayRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/away', (visit) => awayPage(visit, {})),
  signedIn('set-self').post('/account/away', save),
  signedIn('set-self').post('/account/away/back', back),
]

async function save(visit: Visit): Promise<Answer> {
  const { form: sent, context, account, session, words, nowMicros } = visit
  const text = words.profile
  const [fromDay, untilDay] = [line(sent, 'from'), line(sent, 'until')]
  const fromMicros = fromDay === '' ? nowMicros : midnightIn(account.timeZone, fromDay)
  const untilMicros = untilDay === '' ? undefined : midnightIn(account.timeZone, untilDay)
  if (fromMicros === undefined) return await awayPage(visit, { from: text.dayWrong })
  if (untilDay !== '' && untilMicros === undefined) return await awayPage(visit, { until: text.dayWrong })
  try {
    await goAway(context, { account, fromMicros, untilMicros })
  } catch (error) {
    return await awayPage(visit, mistakeAt(error, { bad_from: 'from', bad_until: 'until' }))
  }
  session.toast = text.awaySaved
  return seeOther('/account/away')
}

async function back({ context, account, session, words }: Visit): Promise<Answer> {
  await comeBack(context, { account })
  session.toast = words.profile.awayOver
  return seeOther('/account/away')
}

async function awayPage(visit: Visit, mistakes: Readonly<Record<string, string>>): Promise<Page> {
  const { context, account, nowMicros, words, form: sent } = visit
  const text = words.profile
  const furlough = await furloughOf(context.database, account.accountNo, nowMicros)
  const away = isAway(furlough, nowMicros)
  const day = (name: 'from' | 'until', value: string) =>
    textField({
      name,
      type: 'date',
      label: name === 'from' ? text.awayFrom : text.awayUntil,
      hint: name === 'from' ? text.awayFromHint : text.awayUntilHint,
      value: sent.get(name) ?? value,
      mistake: mistakes[name],
    })
  return page(
    text.awayTitle,
    html`${accountTabs(visit, 'profile')} ${pageHeader({ title: text.awayTitle, lead: text.awayLead })}
      ${mistakeSummary(visit, mistakes)} ${furlough && present(visit, furlough, away)}
      ${form(visit, {
        action: '/account/away',
        submit: furlough ? text.awayChange : text.awayGo,
        fields: [!away && day('from', todayIn(account.timeZone, nowMicros)), day('until', '')],
      })}
      <p><a href="/account/profile">${words.profile.backToProfile}</a></p>`,
    { status: Object.keys(mistakes).length > 0 ? 422 : 200 },
  )
}

function present(visit: Visit, { fromMicros, untilMicros }: Furlough, away: boolean): Html {
  const text = visit.words.profile
  return html`${banner({ tone: 'plain', text: away ? text.awayNow : text.awaySoon })}
  ${facts([
    [text.from, time(visit, fromMicros)],
    [text.until, untilMicros === undefined ? text.awayOpen : time(visit, untilMicros)],
  ])}
  ${actionButton(visit, { action: '/account/away/back', label: away ? text.awayBack : text.awayCancel, tone: 'main' })}`
}
