import express, { type Express } from 'express'
import { apiRouter } from './api/router.ts'
import type { Context } from './context.ts'
import { countRequests, noteRoute } from './metrics/count-requests.ts'
import { metricsRoute } from './metrics/route.ts'
import { readyRoute } from './portal/ready.ts'
import { portalEnd, portalRouter } from './portal/router.ts'
import { isPortalPath } from './site/portal-segments.ts'
import { taxiiFace } from './taxii/router.ts'
import { NO_LIST_KEYS, wkdRouter } from './wkd/router.ts'

/** The HTTP side of the server. */
export function createApp(context: Context): Express {
  const app = express()
  app.disable('etag') // Express would hash every body
  app.disable('x-powered-by')
  app.set('query parser', 'simple') // match[type] stays one flat key; a repeated key becomes a list and is refused
  app.set('trust proxy', [...context.config.trustedProxies]) // nobody else's X-Forwarded-For is believed
  app.use(countRequests(context.metrics))
  app.use(taxiiFace(context, isPortalPath)) // before the rest: every other layer would be passed by each poll
  app.get('/metrics', metricsRoute(context))
  app.get('/healthz', (_request, response) => {
    noteRoute(response, '/healthz')
    response.status(200).json({ status: 'alive' })
  })
  app.get('/readyz', (_request, response, next) => {
    noteRoute(response, '/readyz')
    next()
  })
  app.get('/readyz', readyRoute(context))
  app.use(wkdRouter(NO_LIST_KEYS))
  app.use(apiRouter(context))
  app.use(portalRouter(context))
  const { absent, failed } = portalEnd(context)
  app.use(absent)
  app.use(failed)
  return app
}
