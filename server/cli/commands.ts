import { backupCommand } from './backup.ts'
import type { Command } from './command.ts'
import { collectionCommands } from './collection.ts'
import { configCommands } from './config.ts'
import { doctorCommand } from './doctor.ts'
import { exportCommand } from './export.ts'
import { groupCommands } from './group.ts'
import { importCommand } from './import.ts'
import { init } from './init.ts'
import { memberCommands } from './member.ts'
import { migrate } from './migrate.ts'
import { providerCommands } from './provider.ts'
import { restoreCommand } from './restore.ts'
import { rootCommands } from './root.ts'
import { serve } from './serve.ts'
import { start } from './start.ts'
import { siteCommands } from './site.ts'
import { tokenCommands } from './token.ts'
import { userCommands } from './user.ts'
import { verifyCommand } from './verify.ts'
import { wayInCommands } from './way-in.ts'

/** The command table, in the order of help. A new command is a line here. */
export const COMMANDS: readonly Command[] = [
  start,
  init,
  serve,
  ...siteCommands,
  ...rootCommands,
  ...collectionCommands,
  ...userCommands,
  ...wayInCommands,
  ...groupCommands,
  ...memberCommands,
  ...tokenCommands,
  ...providerCommands,
  importCommand,
  exportCommand,
  backupCommand,
  restoreCommand,
  verifyCommand,
  doctorCommand,
  migrate,
  ...configCommands,
]
