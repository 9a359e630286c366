import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createProgress, progressLine } from '../../server/cli/progress.ts'

function screenOf(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, columns: 100, written, write: (text: string) => written.push(text) }
}

it('a line has count, share, rate and time left', () => {
  assert.equal(
    progressLine('importing', { done: 2500, total: 10_000 }, 5),
    'importing 2,500 objects  of 10,000 objects  25 %  500 objects/s  15 s left',
  )
  assert.equal(progressLine('saving', { done: 1536, unit: 'bytes' }, 1), 'saving 1.5 KiB  1.5 KiB/s')
  assert.equal(progressLine('saving', { done: 10, total: 100_000 }, 1).split('  ').at(-1), '2 h 46 min left')
  assert.equal(progressLine('saving', { done: 0 }, 0), 'saving 0 objects  0 objects/s')
})

it('on a terminal: one line that is drawn over at most ten times a second, notes above it', () => {
  let now = 0
  const screen = screenOf(true)
  const progress = createProgress(screen, 'importing', () => now)
  for (; now <= 1000; now += 10) progress.update({ done: now, total: 1000 })
  assert.ok(screen.written.length >= 10 && screen.written.length <= 12, String(screen.written.length))
  assert.ok(screen.written.every((text) => text.startsWith('\r\u001B[K[')))
  progress.update({ done: 1000, total: 1000, note: 'refused: x' })
  assert.equal(screen.written.at(-1), '\r\u001B[Krefused: x\n')
  progress.end()
  assert.match(screen.written.at(-2) ?? '', /\[#+\] importing 1,000 objects {2}of 1,000 objects {2}100 %/)
})

it('elsewhere: whole lines, every ten seconds', () => {
  let now = 0
  const screen = screenOf(false)
  const progress = createProgress(screen, 'importing', () => now)
  for (; now <= 30_000; now += 1000) progress.update({ done: now })
  progress.end()
  assert.equal(screen.written.length, 4)
  assert.ok(screen.written.every((text) => /^importing [\d,]+ objects .*\n$/.test(text)))
})
