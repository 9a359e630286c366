import type { RequestHandler, Response } from 'express'
import type { Metrics } from './metrics.ts'

/** Other methods share a label: a client can make up as many as Node.js knows. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE'])

/** Says which route answers, by its pattern: the label of its metrics. */
export function noteRoute(response: Response, pattern: string | undefined): void {
  response.locals['route'] = pattern
}

/** Counts every answer and its time. What no route has answered is counted as `none`. */
export function countRequests(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const begun = performance.now()
    response.once('close', () => {
      const route: unknown = response.locals['route']
      metrics.answered(
        typeof route === 'string' ? route : 'none',
        METHODS.has(request.method) ? request.method : 'other',
        // the client has gone before the answer was complete
        response.writableFinished ? String(response.statusCode) : 'aborted',
        (performance.now() - begun) / 1000,
      )
    })
    next()
  }
}
