import type { Context } from './context.ts'

/** Whether the server can answer: it asks the database one question. Says nothing about why not: that is in the log. */
export async function isReady({ freshness, log }: Pick<Context, 'freshness' | 'log'>): Promise<boolean> {
  try {
    await freshness.read()
    return true
  } catch (error) {
    log.warn({ err: error }, 'the server is not ready')
    return false
  }
}
