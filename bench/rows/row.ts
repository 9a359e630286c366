import type { Result } from '../result.ts'
import type { Workbench } from '../workbench.ts'

/** One line of the table: measures, and checks that what it measured was right. */
export interface Row {
  readonly name: string
  run(bench: Workbench): Promise<readonly Result[]>
}
