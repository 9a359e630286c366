/** One request of a job, and the answer that it must get. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly authorization?: string
  /** Of somebody who has signed in to the portal; then the request is that of a page's own link. */
  readonly cookie?: string
  /** What is sent as Accept-Encoding. */
  readonly encoding?: 'gzip' | 'identity'
  /** The body is an envelope of 1,000 indicators of this seed. */
  readonly seed?: number
  readonly status: number
  /** Content-Length of the answer; left out where it may differ. */
  readonly length?: number | undefined
}

/** Requests that are sent by so many connections, each going on as soon as it is answered. */
export interface Job {
  readonly port: number
  readonly connections: number
  /** Taken in turn by whichever connection is free. */
  readonly requests: readonly LoadRequest[]
  /** Round and round for so long; left out: each request once. */
  readonly millis?: number
}

/** What a job took. */
export interface Outcome {
  readonly requests: number
  readonly bytes: number
  readonly seconds: number
  readonly p50Millis: number
  readonly p99Millis: number
}

export type LoadMessage = { readonly id: number; readonly job: Job }
export type LoadAnswer =
  { readonly id: number; readonly outcome: Outcome } | { readonly id: number; readonly error: string }
