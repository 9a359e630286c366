import { devicesOf, forgetDevice, type RememberedDevice } from '../../auth/sessions/own-devices.ts'
import { endOneSession, endOtherSessions, liveSessions } from '../../auth/sessions/own-sessions.ts'
import { sessionHash } from '../../auth/sessions/session-store.ts'
import { NotFoundError } from '../../errors.ts'
import type { ListedSession } from '../../storage/web-sessions.ts'
import { type Answer, type Page, page, seeOther } from '../answer.ts'
import { badge } from '../components/badge.ts'
import { emptyState } from '../components/empty-state.ts'
import { actionButton } from '../components/form.ts'
import { pageHeader } from '../components/page-header.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { line } from '../form.ts'
import { type Html, html } from '../html.ts'
import { type Route, signedIn } from '../route.ts'
import type { Visit } from '../visit.ts'
import { accountTabs } from './tabs.ts'

/** Where somebody is signed in, and which browsers skip the second factor. */
export const sessionRoutes: readonly Route[] = [
  signedIn('see-self').get('/account/sessions', sessionsPage),
  signedIn('end-session').post('/account/sessions/end', async (visit) => {
    await onceOnly(() => endOneSession(visit.context, visit.account, line(visit.form, 'session')))
    return done(visit, visit.words.account.sessionEnded)
  }),
  signedIn('end-session').post('/account/sessions/end-others', async (visit) => {
    await endOtherSessions(visit.context, visit.account, sessionHash(visit.request.sessionID))
    return done(visit, visit.words.account.othersEnded)
  }),
  signedIn('end-session').post('/account/devices/forget', async (visit) => {
    await onceOnly(() => forgetDevice(visit.context, visit.account, line(visit.form, 'device')))
    return done(visit, visit.words.account.forgotten)
  }),
]

/** What has gone already is as gone as was wanted; and the answer tells nobody whether it was somebody else's. */
async function onceOnly(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error
  }
}

function done({ session }: Visit, toast: string): Answer {
  session.toast = toast
  return seeOther('/account/sessions')
}

async function sessionsPage(visit: Visit): Promise<Page> {
  const { context, account } = visit
  const text = visit.words.account
  const sessions = await liveSessions(context, account)
  const devices = await devicesOf(context, account)
  return page(
    text.sessionsTitle,
    html`${accountTabs(visit, 'sessions')} ${pageHeader({ title: text.sessionsTitle, lead: text.sessionsLead })}
    ${panel(text.sessionsList, sessionTable(visit, sessions), 'sessions')}
    ${panel(text.devicesTitle, deviceTable(visit, devices), 'devices')}`,
  )
}

function sessionTable(visit: Visit, sessions: readonly ListedSession[]): Html {
  const text = visit.words.account
  const own = sessionHash(visit.request.sessionID).toString('hex')
  return html`${table({
    caption: text.sessionList,
    columns: [text.device, text.network, text.signedIn, text.lastUsed, text.end].map((label) => ({ label })),
    rows: sessions.map((session) => [
      html`${session.device} ${session.id === own && badge(text.thisOne, 'good')}`,
      place(session.network),
      time(visit, session.createdMicros),
      time(visit, session.seenMicros),
      session.id !== own &&
        actionButton(visit, {
          action: '/account/sessions/end',
          label: text.endSession,
          about: `${session.device}, ${session.network}`,
          fields: { session: session.id },
        }),
    ]),
  })}
  ${
    sessions.length > 1 &&
    html`<div class="buttons">
      ${actionButton(visit, { action: '/account/sessions/end-others', label: text.endOthers, tone: 'danger' })}
    </div>`
  }`
}

function deviceTable(visit: Visit, devices: readonly RememberedDevice[]): Html {
  const text = visit.words.account
  if (devices.length === 0) return emptyState({ what: text.noDevices, why: text.noDevicesWhy })
  return html`<p>${text.devicesLead}</p>
    ${table({
      caption: text.deviceList,
      columns: [text.device, text.network, text.lastUsed, text.until, text.forget].map((label) => ({ label })),
      rows: devices.map((device) => [
        device.device,
        place(device.network),
        time(visit, device.lastUsedMicros),
        time(visit, device.expiresMicros),
        actionButton(visit, {
          action: '/account/devices/forget',
          label: text.forget,
          about: `${device.device}, ${device.network}`,
          fields: { device: device.id },
        }),
      ]),
    })}`
}

/** An address that may be broken where its parts end: IPv6 is wider than a telephone. */
function place(network: string): Html {
  return html`${network.split(':').map((part, i) => (i === 0 ? part : html`:<wbr />${part}`))}`
}
