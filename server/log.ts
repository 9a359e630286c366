import { pino, type DestinationStream, type Logger } from 'pino'
import type { Config } from './config/schema.ts'
import { cleanLine } from './log-hygiene.ts'
import { prettyLine } from './log-pretty.ts'

/** The log: `log.info({ peer, count }, 'pulled')`, data first, then a fixed text. */
export type Log = Logger

/**
 * Makes the log of the process. Every line passes {@link cleanLine}: no control characters, no secrets, no bodies,
 * whatever was handed in and also in the bindings of a child.
 * @param destination where lines go; standard output when left out
 */
export function createLog(config: Pick<Config, 'logLevel' | 'logPretty'>, destination?: DestinationStream): Log {
  const render = config.logPretty ? (line: string) => prettyLine(cleanLine(line)) : cleanLine
  return pino(
    {
      level: config.logLevel,
      base: null, // the supervisor knows process and machine
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: render },
    },
    destination ?? pino.destination(1),
  )
}
