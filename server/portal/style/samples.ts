import { TLP_LEVELS } from '../../../policies/tlp.ts'
import { badge } from '../components/badge.ts'
import { banner } from '../components/banner.ts'
import { breadcrumb } from '../components/breadcrumb.ts'
import { codeBlock } from '../components/code-block.ts'
import { confirm } from '../components/confirm.ts'
import { disclosure } from '../components/disclosure.ts'
import { emptyState } from '../components/empty-state.ts'
import { facts } from '../components/facts.ts'
import { keyHints } from '../components/key-hints.ts'
import { pagination } from '../components/pagination.ts'
import { panel } from '../components/panel.ts'
import { progress } from '../components/progress.ts'
import { tabs } from '../components/tabs.ts'
import { time } from '../components/time.ts'
import { timeline } from '../components/timeline.ts'
import { tlpChip } from '../components/tlp-chip.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import type { style } from '../words/en/style.ts'
import { chartSample } from './chart-sample.ts'
import { fieldSample, formSample } from './form-samples.ts'
import { tableSample } from './table-sample.ts'

/** A component as the style page shows it. `theme` makes ids that are on the page only once. */
interface Sample {
  /** Of its file in components/. */
  readonly name: keyof typeof style.names
  readonly show: (visit: Visit, theme: 'light' | 'dark') => Html
}

const MINUTE = 60_000_000

/** All components. The texts in them are made up, as data is: they are not in the catalogue. */
export const SAMPLES: readonly Sample[] = [
  {
    name: 'page-header',
    // as pageHeader() makes it, but for the heading: a page has one of the first level
    show: () =>
      html`<div class="page-header">
        <div>
          <p class="sample-title">Harbour watch ${tlpChip('TLP:AMBER')}</p>
          <p class="lead">Ports and pilots between the bar and the bridge.</p>
        </div>
        <div class="buttons"><a class="button" href="#form">Invite somebody</a></div>
      </div>`,
  },
  {
    name: 'breadcrumb',
    show: (_visit, theme) =>
      breadcrumb(`Above this page, ${theme}`, [
        { path: '#breadcrumb', label: 'Trust groups' },
        { path: '#breadcrumb', label: 'Harbour watch' },
      ]),
  },
  { name: 'form', show: formSample },
  { name: 'field', show: fieldSample },
  {
    name: 'confirm',
    show: (visit, theme) =>
      confirm(visit, {
        id: `confirm-${theme}`,
        question: 'Remove Ana Ruiz from Harbour watch?',
        consequence: 'She reads nothing of the group from the next second on. What she gave to it stays.',
        action: '/_style',
        method: 'get',
        submit: 'Remove her',
        back: { path: '#confirm', label: 'Keep her' },
      }),
  },
  {
    name: 'disclosure',
    show: () =>
      html`${disclosure('What the group is told', html`<p>The name, the time, the reason.</p>`)}
      ${disclosure('Already open', html`<p>Opens and closes without a script.</p>`, true)}`,
  },
  { name: 'table', show: tableSample },
  {
    name: 'pagination',
    show: (visit, theme) =>
      pagination(visit, { first: '#pagination', next: '#pagination', shown: '51 to 100', label: theme }) ?? html``,
  },
  {
    name: 'tabs',
    show: (_visit, theme) =>
      tabs(`Members, ${theme}`, [
        { path: '#tabs', label: 'Active', current: true },
        { path: '#tabs', label: 'Paused', current: false },
        { path: '#tabs', label: 'Invited', current: false },
      ]),
  },
  {
    name: 'panel',
    show: () => panel('Remembered devices', html`<p>A part of a page, under a heading of the second level.</p>`),
  },
  {
    name: 'facts',
    show: () =>
      facts([
        ['Account', html`<code>ana.ruiz</code>`],
        ['Second factor', badge('passkey', 'good')],
        ['Groups', 'Harbour watch, Clinics north'],
      ]),
  },
  {
    name: 'empty-state',
    show: () =>
      emptyState({
        what: 'No backup yet.',
        why: 'Backups are made by a timer of the machine, and none has run.',
        command: 'vouchsafe backup /srv/backup/site.vsb',
      }),
  },
  {
    name: 'banner',
    show: () =>
      html`${banner({ tone: 'bad', text: 'The newest backup is 3 days old.', link: { path: '#banner', label: 'See backups' } })}
        ${banner({ tone: 'warn', text: 'Notices have not left for 2 hours.' })}
        ${banner({ tone: 'plain', text: 'This site holds a made-up demonstration.' })}
        <p class="toast">Ana Ruiz was invited.</p>`,
  },
  {
    name: 'badge',
    show: () =>
      html`<p>
        ${badge('member')} ${badge('active', 'good')} ${badge('paused', 'warn')} ${badge('suspended', 'bad')}
      </p>`,
  },
  { name: 'tlp-chip', show: () => html`<p>${TLP_LEVELS.map((label) => html`${tlpChip(label)} `)}</p>` },
  {
    name: 'progress',
    show: () =>
      html`${progress({ label: 'Reading the report', done: 1200, total: 4000, words: '1,200 of 4,000 objects, about 2 minutes left' })}
      ${progress({ label: 'Done', done: 4000, total: 4000, words: '4,000 objects in 6 minutes' })}
      ${progress({ label: 'Asking the peer', words: 'Nobody can tell yet how much there is' })}`,
  },
  {
    name: 'timeline',
    show: (visit) =>
      timeline(visit, [
        { atMicros: visit.nowMicros - MINUTE, what: 'Ana Ruiz confirmed the indicator', tone: 'good' },
        {
          atMicros: visit.nowMicros - 40 * MINUTE,
          what: 'Second sighting',
          detail: 'Pilot station, mail gateway',
          tone: 'warn',
        },
        { atMicros: visit.nowMicros - 300 * MINUTE, what: 'First sighting', tone: 'bad' },
        { atMicros: visit.nowMicros - 301 * MINUTE, what: 'The report came in' },
      ]),
  },
  { name: 'chart', show: chartSample },
  {
    name: 'code-block',
    show: () => codeBlock('vouchsafe user add ana.ruiz --password-stdin', 'On the machine itself'),
  },
  {
    name: 'key-hints',
    show: () =>
      keyHints([
        [['Tab'], 'to the next field or link'],
        [['Shift', 'Tab'], 'to the one before'],
        [['Enter'], 'follows, sends, opens'],
      ]),
  },
  { name: 'time', show: (visit) => html`<p>${time(visit, visit.nowMicros)}</p>` },
]
