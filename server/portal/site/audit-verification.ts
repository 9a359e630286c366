import type { AuditVerification } from '../../site/audit-verification.ts'
import { badge } from '../components/badge.ts'
import { codeBlock } from '../components/code-block.ts'
import { facts } from '../components/facts.ts'
import { time } from '../components/time.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** What the last verification found, and what to do when it found something. */
export function verificationOf(visit: Visit, found: AuditVerification | undefined): Html {
  const { audit } = visit.words
  if (!found) return html`<p>${audit.verifyLead} ${audit.neverVerified}</p>`
  const { problem } = found
  return html`<p>${audit.verifyLead}</p>
    <p>${problem === undefined ? badge(audit.intact, 'good') : badge(audit.broken, 'bad')}</p>
    ${facts([
      [audit.verified, html`${time(visit, found.atMicros)} ${audit.verifiedBy(found.actor)}`],
      [audit.checked, found.checked.toLocaleString(visit.language)],
      ...(found.checked > 0
        ? [[audit.covers, html`${time(visit, found.fromMicros)} – ${time(visit, found.untilMicros)}`] as const]
        : []),
      ...(problem === undefined ? [] : [[audit.problem, problem] as const]),
    ])}
    ${
      problem !== undefined &&
      html`<p>${audit.brokenNext}</p>
        ${codeBlock(audit.brokenCommand)}`
    }`
}
