import { setTimeout as wait } from 'node:timers/promises'

/** Waits for something to become true, looking often; fails with the question's source after `withinMillis`. */
export async function until(isTrue: () => boolean | Promise<boolean>, withinMillis = 10_000): Promise<void> {
  const end = performance.now() + withinMillis
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`not within ${withinMillis} ms: ${isTrue.toString()}`)
    await wait(10)
  }
}
