import { run, type Transaction } from './database.ts'

/** Marks a restored site: it sends nothing until somebody confirms, and nobody takes its rights for remembered ones. */
export async function startAsRestored(trx: Transaction): Promise<void> {
  const { count } = await run(trx, 'update site set outgoing = false, access_generation = access_generation + 1')
  if (count !== 1) throw new Error('the backup holds no site')
}

/** Lets the site send again. @returns false when it already did */
export async function setOutgoing(trx: Transaction): Promise<boolean> {
  return (await run(trx, 'update site set outgoing = true where not outgoing')).count > 0
}
