import assert from 'node:assert/strict'
import { it } from 'node:test'
import { scratch } from '../support/database.ts'
import { prepareSite, startProcess } from '../support/serve-process.ts'
import { basic } from '../support/site.ts'

const SECONDS = 5
const LOGINS_PER_SECOND = 200
const POLLS_PER_SECOND = 50
/** The issue: 200 wrong logins a second leave token polls' p99 under 100 ms. */
const MAX_P99_MILLIS = 100
/** Where polls take this long with nobody attacking, the machine is busy with something else. */
const IDLE_P99_MILLIS = 25
/** Server, hashing and attacker want two cores to themselves: where a busy loop gets less of one, others are at work. */
const LEAST_SHARE = 0.85

it(`${LOGINS_PER_SECOND} wrong logins a second leave the 99th percentile of token polls under ${MAX_P99_MILLIS} ms`, async (test) => {
  const place = await scratch()
  try {
    const site = await prepareSite(place)
    await using server = await startProcess(place)
    const url = `${server.url}${site.objects}?limit=10`
    const pollOnce = async () => {
      const start = performance.now()
      const response = await fetch(url, { headers: site.headers })
      await response.arrayBuffer()
      assert.equal(response.status, 200)
      return performance.now() - start
    }
    await everySecond(POLLS_PER_SECOND, 1, pollOnce) // connections, plans and caches
    const before = percentile(await everySecond(POLLS_PER_SECOND, 2, pollOnce), 0.99)
    const share = shareOfCore()
    if (share < LEAST_SHARE) {
      test.skip(`the machine is busy: a busy loop gets ${Math.round(share * 100)} % of a core`)
      return
    }
    if (before > IDLE_P99_MILLIS) {
      test.skip(`the machine is busy: polls take ${Math.round(before)} ms while nobody attacks`)
      return
    }
    const statuses = new Map<number, number>()
    let tries = 0
    const flood = everySecond(LOGINS_PER_SECOND, SECONDS, async () => {
      tries += 1
      const name = tries % 2 === 0 ? 'poller' : `nobody-${tries}`
      const response = await fetch(url, { headers: basic(name, `a wrong pass phrase ${tries}`) })
      await response.arrayBuffer()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    })
    const times = await everySecond(POLLS_PER_SECOND, SECONDS, pollOnce)
    await flood
    const after = percentile(await everySecond(POLLS_PER_SECOND, 2, pollOnce), 0.99)
    assert.deepEqual(new Set(statuses.keys()), new Set([401, 429]))
    assert.ok((statuses.get(401) ?? 0) > SECONDS, 'hardly a password was verified: the test shows nothing')
    const p99 = percentile(times, 0.99)
    test.diagnostic(`p99 before ${before.toFixed(1)} ms, during ${p99.toFixed(1)} ms, after ${after.toFixed(1)} ms`)
    const shareAfter = shareOfCore()
    if (p99 > MAX_P99_MILLIS && (after > IDLE_P99_MILLIS || shareAfter < LEAST_SHARE)) {
      test.skip(
        `the machine became busy: after the attack a poll takes ${Math.round(after)} ms, a busy loop gets ${Math.round(shareAfter * 100)} % of a core`,
      )
      return
    }
    assert.ok(p99 < MAX_P99_MILLIS, `${p99} ms`)
  } finally {
    await place.remove()
  }
})

/** Starts `work` evenly, whether or not the one before has ended: a slow server must not slow the attack. */
async function everySecond<T>(count: number, seconds: number, work: () => Promise<T>): Promise<readonly T[]> {
  const running: Promise<T>[] = []
  const start = performance.now()
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setInterval(() => {
    const due = Math.min(count * seconds, Math.floor(((performance.now() - start) / 1000) * count))
    while (running.length < due) running.push(work())
    if (due === count * seconds) resolve()
  }, 5)
  await promise
  clearInterval(timer)
  return await Promise.all(running)
}

/** How much of one core this process gets while it wants all of it, the least of five looks. */
function shareOfCore(): number {
  const shares = Array.from({ length: 5 }, () => {
    const start = performance.now()
    const used = process.cpuUsage()
    while (performance.now() - start < 100);
    const { user, system } = process.cpuUsage(used)
    return (user + system) / 1000 / (performance.now() - start)
  })
  return Math.min(...shares)
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
