import { indicators } from '../../test/support/indicators.ts'
import { fetchPage } from '../fetch-page.ts'
import type { Result } from '../result.ts'
import type { Workbench } from '../workbench.ts'
import type { Row } from './row.ts'

const WITHDRAWALS = 50

/** Issue 2 §6: two processes on one PostgreSQL: what one has withdrawn, the other's next answer must not hold. */
export const withdrawal: Row = {
  name: 'withdrawal',
  run: async (bench) => (bench.options.embedded ? [] : [await withdrawals(bench)]), // one process only
}

async function withdrawals(bench: Workbench): Promise<Result> {
  const { place: medium, site } = await bench.view(100_000)
  const place = await medium.clone()
  await using one = await bench.serve(place)
  await using other = await bench.serve(place)
  const path = `${site.path}/objects/`
  const reader = site.readers[0] ?? ''
  const texts = [...indicators(1000, { seed: 1 })]
  let held = 0
  for (let round = 0; round < WITHDRAWALS; round += 1) {
    // both have the page in memory before it changes
    for (const { port } of [one, other]) (await fetchPage(port, path, reader)).mustHold(texts)
    const [gone] = texts.splice((round * 7) % texts.length, 1)
    const id = /"id":"([^"]+)"/.exec(gone ?? '')?.[1] ?? ''
    const answer = await fetch(`http://127.0.0.1:${one.port}${path}${id}/`, {
      method: 'DELETE',
      headers: { accept: '*/*', authorization: site.writer },
    })
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`a withdrawal was answered with ${answer.status}`)
    const { bytes } = await fetchPage(other.port, path, reader)
    if (!bytes.includes(id)) held += 1
  }
  await one.stop()
  await other.stop()
  await place.remove()
  return {
    name: 'withdrawal_holds_everywhere',
    work: `of ${WITHDRAWALS} withdrawals in one process, those that held for the next read from another`,
    value: held,
    unit: 'withdrawals',
    target: { of: 'value', atLeast: WITHDRAWALS },
  }
}
