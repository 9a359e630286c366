import express, { type Express } from 'express'
import type { Context } from './context.ts'
import { isReady } from './health.ts'
import { portalEnd, portalRouter } from './portal/router.ts'
import { PORTAL_SEGMENTS } from './site/portal-segments.ts'
import { setupRouter } from './setup/router.ts'
import { taxiiFace } from './taxii/router.ts'

/** The HTTP side of the server. */
export function createApp(context: Context): Express {
  const app = express()
  app.disable('etag') // Express would hash every body
  app.disable('x-powered-by')
  app.set('query parser', 'simple') // match[type] stays one flat key; a repeated key becomes a list and is refused
  app.set('trust proxy', [...context.config.trustedProxies]) // nobody else's X-Forwarded-For is believed
  app.use(taxiiFace(context, new Set(PORTAL_SEGMENTS))) // first: every other layer would be passed by each poll
  app.get('/healthz', (_request, response) => {
    response.status(200).json({ status: 'alive' })
  })
  app.get('/readyz', async (_request, response) => {
    const ready = await isReady(context)
    if (!ready) response.set('Retry-After', '5')
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' })
  })
  app.use(setupRouter(context))
  app.use(portalRouter(context))
  const { absent, failed } = portalEnd(context)
  app.use(absent)
  app.use(failed)
  return app
}
