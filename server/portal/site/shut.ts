import { factorsOf } from '../../auth/factors/held-factors.ts'
import { NotFoundError } from '../../errors.ts'
import { groupsLedAlone } from '../../members/last-administrator.ts'
import { accountFacts } from '../../site/find-accounts.ts'
import type { Account } from '../../storage/access.ts'
import { type Page, page } from '../answer.ts'
import { pageHeader } from '../components/page-header.ts'
import { codeBlock } from '../components/code-block.ts'
import { facts } from '../components/facts.ts'
import { panel } from '../components/panel.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import { html } from '../html.ts'
import type { Visit } from '../visit.ts'

/**
 * What a suspension has shut, read anew and not remembered: a sheet for the file of an incident.
 * @throws {NotFoundError} for an account that is active
 */
export async function shutPage(visit: Visit, account: Account): Promise<Page> {
  if (account.active) throw new NotFoundError('this page')
  const { context, nowMicros, words } = visit
  const text = words.accounts
  const known = await accountFacts(context.database, account, nowMicros)
  const factors = await context.database.transaction((trx) => factorsOf(trx, account.accountNo, nowMicros))
  const leaderless = await context.database.transaction((trx) => groupsLedAlone(trx, account.accountNo))
  const rows = [
    [text.sessions, known.sessions === 0 ? text.ended : text.shut, known.sessions],
    [text.shutPending, text.ended, ''],
    [text.password, text.shut, factors.password ? 1 : 0],
    [text.shutBasic, text.shut, factors.password ? 1 : 0],
    [text.passkeys, text.shut, factors.passkeys],
    [text.generators, text.shut, factors.generators],
    [text.recoveryCodes, text.shut, factors.recoveryCodes],
    [text.devices, text.ended, factors.devices],
    [text.tokens, text.shut, known.tokens],
    [text.certificates, text.shut, known.certificates],
    [text.shutOutside, text.shut, factors.identities],
    [text.shutLinks, text.shut, known.invitations],
    [text.shutGlass, text.ended, ''],
  ] as const
  return page(
    text.shutTitle(account.displayName),
    html`${pageHeader({ title: text.shutTitle(account.displayName), lead: text.shutLead })}
      ${facts([
        [text.account, account.name],
        [text.shutSince, known.suspendedMicros === undefined ? '' : time(visit, known.suspendedMicros)],
      ])}
      ${table({
        caption: text.shutCaption,
        columns: [{ label: text.shutWay }, { label: text.shutState }, { label: text.shutCount, numeric: true }],
        rows,
      })}
      ${
        leaderless.length > 0 &&
        panel(
          text.leaderless,
          html`<p>${text.leaderlessWhy(leaderless.join(', '))}</p>
            ${codeBlock('vouchsafe group give-role GROUP NAME group-administrator')}`,
        )
      }
      <p class="no-print">${text.shutPrint} <a href="/site/accounts/${account.name}">${text.back}</a></p>`,
  )
}
