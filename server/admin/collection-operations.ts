import { Type } from 'typebox'
import { TLP_LEVELS } from '../../policies/tlp.ts'
import { addCollection, addRoot, AUDIENCES } from '../site/add-collection.ts'
import { setClosed } from '../site/close-collection.ts'
import { listCollections } from '../site/list-collections.ts'
import { listRoots } from '../site/list-roots.ts'
import { OPERATOR } from './operator.ts'
import { operation } from './operation.ts'
import { baseUrl } from './base-url.ts'

const text = Type.String({ maxLength: 2000 })
const optional = Type.Optional(text)
const closed = { additionalProperties: false }

/** API roots and collections. */
export const collectionOperations = {
  'root.add': operation(
    Type.Object({ path: text, title: text, description: optional }, closed),
    async (context, args) => {
      const { api_root } = await addRoot(context, { ...args, actor: OPERATOR })
      return { api_root, url: `${baseUrl(context)}${api_root}`, title: args.title }
    },
  ),
  'root.list': operation(Type.Object({}, closed), async (context) => ({
    api_roots: (await listRoots(context)).map((root) => ({ ...root, url: `${baseUrl(context)}${root.api_root}` })),
  })),
  'collection.add': operation(
    Type.Object(
      {
        title: text,
        alias: optional,
        root: optional,
        description: optional,
        label: Type.Optional(Type.Enum([...TLP_LEVELS])),
        audience: Type.Optional(Type.Enum([...AUDIENCES])),
      },
      closed,
    ),
    async (context, args) => {
      const made = await addCollection(context, { ...args, actor: OPERATOR })
      return { ...made, alias: made.alias ?? null, url: collectionUrl(baseUrl(context), made) }
    },
  ),
  'collection.list': operation(Type.Object({}, closed), async (context) => ({
    collections: (await listCollections(context)).map((collection) => ({
      ...collection,
      url: collectionUrl(baseUrl(context), collection),
    })),
  })),
  'collection.close': operation(Type.Object({ collection: text }, closed), (context, args) =>
    setClosed(context, { ...args, closed: true, actor: OPERATOR }),
  ),
  'collection.open': operation(Type.Object({ collection: text }, closed), (context, args) =>
    setClosed(context, { ...args, closed: false, actor: OPERATOR }),
  ),
} as const

function collectionUrl(base: string, made: { readonly api_root: string; readonly id: string }): string {
  return `${base}${made.api_root}collections/${made.id}/`
}
