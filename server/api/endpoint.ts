import type { Static, TObject, TProperties, TSchema } from 'typebox'
import { Type } from 'typebox'
import type { Actor } from '../../policies/can.ts'
import type { Action } from '../../policies/roles.ts'
import type { Context } from '../context.ts'
import type { Access, Account, Membership, TrustGroup } from '../storage/access.ts'

/** One call of the API, with everything that was found out and checked about it. */
export interface Call<Path, Query, Body> {
  readonly context: Context
  readonly access: Access
  readonly account: Account
  readonly actor: Actor
  readonly path: Path
  readonly query: Query
  readonly body: Body
  readonly nowMicros: number
}

/** A call about a trust group that the caller may enter. */
export interface GroupCall<Path, Query, Body> extends Call<Path, Query, Body> {
  readonly group: TrustGroup
  /** Undefined for a site administrator who has broken the glass. */
  readonly membership: Membership | undefined
}

/** What an endpoint says of itself: all of the OpenAPI document is made from these. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** With `{name}` parts; one about a trust group has the part `{group}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly details?: string
  readonly permission: Action
  readonly pathSchema: TObject
  readonly querySchema: TObject
  /** Undefined: takes no body. */
  readonly bodySchema: TSchema | undefined
  readonly status: 200 | 201 | 204
  readonly resultSchema: TSchema | undefined
  readonly run: (call: GroupCall<never, never, never>) => Promise<unknown>
}

interface Shape<Path extends TProperties, Query extends TProperties, Body extends TSchema, Result extends TSchema> {
  readonly tag: string
  readonly summary: string
  readonly details?: string
  readonly permission: Action
  readonly path?: Path
  readonly query?: Query
  readonly body?: Body
  readonly status?: 200 | 201 | 204
  readonly result?: Result
}

type Given<Properties extends TProperties> = Static<TObject<Properties>>

/**
 * Declares an endpoint; its schemas give the types of what `run` is handed and must answer.
 * @param address method and path in one text, for example `GET /groups/{group}/members`
 */
export function endpoint<
  Path extends TProperties = Record<never, never>,
  Query extends TProperties = Record<never, never>,
  Body extends TSchema = TSchema,
  Result extends TSchema = TSchema,
>(
  address: `${Endpoint['method']} /${string}`,
  shape: Shape<Path, Query, Body, Result>,
  run: (call: GroupCall<Given<Path>, Given<Query>, Static<Body>>) => Promise<Static<Result>>,
): Endpoint {
  const [method, path] = address.split(' ')
  const closed = { additionalProperties: false }
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parameter's type says so
    method: method as Endpoint['method'],
    path: path ?? '',
    tag: shape.tag,
    summary: shape.summary,
    ...(shape.details !== undefined && { details: shape.details }),
    permission: shape.permission,
    pathSchema: Type.Object(shape.path ?? {}, closed),
    querySchema: Type.Object(shape.query ?? {}, closed),
    bodySchema: shape.body,
    status: shape.status ?? (shape.result ? 200 : 204),
    resultSchema: shape.result,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the router checks path, query and body before it runs
    run: run as unknown as Endpoint['run'],
  }
}
