import type { Request, Response } from 'express'
import { TAXII } from '../../schemas/taxii/media-type.ts'
import type { Context } from '../context.ts'
import type { ApiRoot } from '../storage/access.ts'
import { type Admitted, findRoot, isVisible, mustAcceptTaxii } from './admission.ts'
import { answerResource } from './answer.ts'

/** Discovery (TAXII 2.1 §4.1): the API roots in which the caller has any right. */
export function getDiscovery(context: Context, admitted: Admitted, request: Request, response: Response): void {
  mustAcceptTaxii(request)
  const { taxii } = context.config
  const roots = admitted.access.roots.filter((root) => isVisible(admitted, root)).map((root) => urlOf(context, root))
  answerResource(response, 200, {
    title: taxii.title,
    ...(taxii.description ? { description: taxii.description } : {}),
    ...(taxii.contact ? { contact: taxii.contact } : {}),
    ...(roots[0] ? { default: roots[0], api_roots: roots } : {}),
  })
}

/** One API root (TAXII 2.1 §4.2). */
export function getRoot(context: Context, admitted: Admitted, request: Request, response: Response): void {
  const root = findRoot(admitted, request)
  mustAcceptTaxii(request)
  answerResource(response, 200, {
    title: root.title,
    ...(root.description ? { description: root.description } : {}),
    versions: [TAXII],
    max_content_length: context.config.taxii.maxContentLength,
  })
}

/** Relative (TAXII 2.1 §4.1.1 allows it) unless the operator named the public address: right behind any proxy. */
function urlOf(context: Context, root: ApiRoot): string {
  const { publicUrl } = context.config
  return publicUrl ? `${publicUrl.replace(/\/$/, '')}/${root.path}/` : `/${root.path}/`
}
