import { badge } from '../components/badge.ts'
import { actionButton } from '../components/form.ts'
import { table } from '../components/table.ts'
import { time } from '../components/time.ts'
import type { Html } from '../html.ts'
import type { Visit } from '../visit.ts'

const DAY_MICROS = 86_400_000_000

/** A table with headings that sort, a chosen row, numbers and buttons. */
export function tableSample(visit: Visit, theme: string): Html {
  const row = (name: string, state: Html, posts: string, days: number) => [
    name,
    state,
    time(visit, visit.nowMicros - days * DAY_MICROS),
    posts,
    actionButton(visit, { action: '/sign-out', label: 'Sign out', about: name }),
  ]
  return table({
    caption: `Members, ${theme}`,
    columns: [
      { label: 'Name', sort: { path: '#table', order: 'ascending' } },
      { label: 'State' },
      { label: 'Last seen', sort: { path: '#table' } },
      { label: 'Posts', numeric: true },
      { label: '' },
    ],
    rows: [
      row('Ana Ruiz', badge('active', 'good'), '1,204', 0),
      { cells: row('Boris Vance, of the pilots', badge('paused', 'warn'), '17', 12), selected: true },
      row('Chidi Okafor', badge('active', 'good'), '86', 2),
    ],
  })
}
