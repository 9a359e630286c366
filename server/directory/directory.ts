import type { Context } from '../context.ts'
import { Binds } from './binds.ts'
import { EntriesOfReaders } from './entries.ts'
import { Lanes } from './lanes.ts'
import { Tree } from './tree.ts'

/** What the answers of the directory are made with. */
export interface Directory {
  readonly context: Context
  readonly tree: Tree
  readonly binds: Binds
  readonly entries: EntriesOfReaders
  /** Of binds, by the network that they come from. */
  readonly lanes: Lanes
}

/** @param suffix the DN that everything is below */
export function makeDirectory(context: Context, suffix: string): Directory {
  const tree = new Tree(suffix)
  return { context, tree, binds: new Binds(), entries: new EntriesOfReaders(tree), lanes: new Lanes() }
}
