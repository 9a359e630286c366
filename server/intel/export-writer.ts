import { randomUUID } from 'node:crypto'
import type { AudienceId } from '../../policies/audience.ts'
import { isReleased, type Released } from '../../policies/release.ts'
import { type Page, unseal } from '../storage/page.ts'
import type { Found } from './import-found.ts'
import { ObjectScanner } from './import-scanner.ts'

/** What an export looks like. */
export type ExportFormat = 'bundle' | 'envelope' | 'ndjson'

/** The names of the formats. */
export const EXPORT_FORMATS: readonly ExportFormat[] = ['bundle', 'envelope', 'ndjson']

const PAGE_OPEN = '{"objects":['
const COMMA = Buffer.from(',')
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20

/** Turns released pages into one file. It takes nothing that was not released to the audience that it was made for. */
export class ExportWriter {
  readonly #audience: AudienceId
  readonly #format: ExportFormat
  #objects = 0

  constructor(audience: AudienceId, format: ExportFormat) {
    this.#audience = audience
    this.#format = format
  }

  /** Written so far. */
  get objects(): number {
    return this.#objects
  }

  /**
   * The bytes of one more page. Objects keep their exact bytes; in a line of NDJSON line breaks between them are spaces.
   * @throws {Error} when the page was released to another audience
   */
  page(page: Released<Page>): readonly Buffer[] {
    if (!isReleased(page) || page.audience !== this.#audience) {
      throw new Error(`content of ${page.audience} was about to go to ${this.#audience}`)
    }
    const { count, start } = page.body
    if (count === 0) return []
    const isFirst = this.#objects === 0
    this.#objects += count
    const { bytes } = start.encoding === 'gzip' ? unseal(start) : start
    if (this.#format === 'ndjson') return [linesOf(bytes, count)]
    const objects = bytes.subarray(PAGE_OPEN.length)
    return [isFirst ? Buffer.from(this.#open()) : COMMA, objects]
  }

  /** The last bytes. */
  end(): Buffer {
    if (this.#format === 'ndjson') return Buffer.alloc(0)
    if (this.#objects > 0) return Buffer.from(']}\n')
    // an empty list of objects is valid in neither: it is left out (STIX 2.1 §8, TAXII 2.1 §3.7)
    return Buffer.from(this.#format === 'envelope' ? '{}\n' : `${this.#open().replace(/,"objects":\[$/, '')}}\n`)
  }

  #open(): string {
    return this.#format === 'envelope' ? PAGE_OPEN : `{"type":"bundle","id":"bundle--${randomUUID()}","objects":[`
  }
}

function linesOf(page: Buffer, count: number): Buffer {
  const whole = Buffer.concat([page, Buffer.from(']}')])
  const found: Found[] = []
  new ObjectScanner(Infinity).push(whole, found)
  if (found.length !== count) throw new Error('a page does not hold the objects that it counts')
  const lines: Buffer[] = []
  for (const object of found) {
    if (object.kind !== 'object') throw new Error('an object of a page is nested deeper than any that is stored')
    const line = Buffer.alloc(object.bytes.length + 1, LINE_FEED)
    object.bytes.copy(line)
    for (let byte = 0; byte < line.length - 1; byte++) {
      // line breaks stand only between tokens: inside a string they are escaped (RFC 8259 §7)
      if (line[byte] === LINE_FEED || line[byte] === CARRIAGE_RETURN) line[byte] = SPACE
    }
    lines.push(line)
  }
  return Buffer.concat(lines)
}
