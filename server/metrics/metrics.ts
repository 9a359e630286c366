import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { processMetrics } from './process-metrics.ts'

/** A page takes 10 ms, a full TAXII page 5, an ingest up to some seconds. */
const BUCKETS = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10]

/** A number that is true at the moment of asking. */
export interface Figure {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
  readonly values: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[]
}

/** Which way objects went through TAXII. */
type Direction = 'in' | 'out'

/**
 * What the server counts about itself, in one process. Counting is adding in memory (under half a microsecond); everything
 * that is asked of the database is asked when somebody reads the metrics.
 */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = new Counter({
    name: 'vouchsafe_http_requests_total',
    help: 'Requests that were answered, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    registers: [this.#registry],
  })
  readonly #durations = new Histogram({
    name: 'vouchsafe_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['route'],
    buckets: BUCKETS,
    registers: [this.#registry],
  })
  readonly #objects = new Counter({
    name: 'vouchsafe_taxii_objects_total',
    help: 'STIX objects and records that came in and went out by TAXII.',
    labelNames: ['direction'],
    registers: [this.#registry],
  })
  readonly #figures = new Map<string, Gauge<string>>()

  constructor() {
    processMetrics(this.#registry)
    for (const direction of ['in', 'out']) this.#objects.inc({ direction }, 0)
  }

  /** @param route the pattern of the address, never the address itself: ids in it would be without number */
  answered(route: string, method: string, status: string, seconds: number): void {
    this.#requests.inc({ route, method, status })
    this.#durations.observe({ route }, seconds)
  }

  /** Objects that a TAXII request brought or took. */
  exchanged(direction: Direction, objects: number): void {
    this.#objects.inc({ direction }, objects)
  }

  /** All of it in Prometheus' text format, with figures that were read just now. */
  async text(figures: readonly Figure[]): Promise<{ readonly mediaType: string; readonly text: string }> {
    for (const figure of figures) {
      const gauge = this.#gauge(figure.name, figure.help, figure.labels)
      gauge.reset()
      for (const { labels = {}, value } of figure.values) gauge.set(labels, value)
    }
    return { mediaType: this.#registry.contentType, text: await this.#registry.metrics() }
  }

  #gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge<string> {
    let gauge = this.#figures.get(name)
    if (!gauge) {
      gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: [this.#registry] })
      this.#figures.set(name, gauge)
    }
    return gauge
  }
}
