/** An address of TAXII 2.1 with the methods that it offers. */
export interface Endpoint {
  readonly path: string
  readonly methods: readonly ('GET' | 'POST' | 'DELETE')[]
}

/** Every address of TAXII 2.1 (§4, §5), for one root, collection, object and status. */
export function endpoints(of: {
  readonly root: string
  readonly collection: string
  readonly object: string
  readonly status: string
}): readonly Endpoint[] {
  const collection = `${of.root}collections/${of.collection}/`
  return [
    { path: '/taxii2/', methods: ['GET'] },
    { path: of.root, methods: ['GET'] },
    { path: `${of.root}status/${of.status}/`, methods: ['GET'] },
    { path: `${of.root}collections/`, methods: ['GET'] },
    { path: collection, methods: ['GET'] },
    ...collectionEndpoints(collection, of.object),
  ]
}

/** The addresses below a collection (§5.3 to §5.8). */
export function collectionEndpoints(collection: string, object: string): readonly Endpoint[] {
  return [
    { path: `${collection}manifest/`, methods: ['GET'] },
    { path: `${collection}objects/`, methods: ['GET', 'POST'] },
    { path: `${collection}objects/${object}/`, methods: ['GET', 'DELETE'] },
    { path: `${collection}objects/${object}/versions/`, methods: ['GET'] },
  ]
}
