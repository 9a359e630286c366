import { medianOf } from './rounds.ts'
import type { Measured } from './workbench.ts'

/** What a round cost in processor time, per object. */
export interface Cost {
  readonly objectsPerSecond: number
  readonly serverMicros: number
  readonly databaseMicros: number
}

/** Medians over the rounds of one side. */
export function costOf(rounds: readonly Measured[], objectsPerRequest: number): Cost {
  const perObject = (seconds: (round: Measured) => number) =>
    medianOf(rounds, (round) => (seconds(round) * 1e6) / (round.requests * objectsPerRequest))
  return {
    objectsPerSecond: medianOf(rounds, (round) => {
      const { server, database } = round.processor
      return (round.requests * objectsPerRequest) / (server + database)
    }),
    serverMicros: perObject((round) => round.processor.server),
    databaseMicros: perObject((round) => round.processor.database),
  }
}

/** For people: where the time of an object goes. */
export function costText({ serverMicros, databaseMicros }: Cost): string {
  return `${serverMicros.toFixed(2)} µs node + ${databaseMicros.toFixed(2)} µs database per object`
}
