/**
 * `eira backup FOLDER` and `eira restore FOLDER`: everything that the database holds, as of one moment. The key that signs
 * the access log (audit-key.pem in the data directory) is not in it: keep that apart. `restore` destroys again what was destroyed since.
 *
 * SPEC CLI-BACKUP
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { backup, migrate, restore, type DestroyedLine, type Manifest } from "../store/index.ts";
import { flag, type Command, type Terminal } from "./command.ts";
import { DESTROYED_FILE, linesIn } from "./destroy.ts";
import { openDatabase } from "./installation.ts";
import { usageOf } from "./usage.ts";

export const backupCommand: Command = async (invocation) => {
  const folder = folderOf(invocation.args);
  const database = await openDatabase(invocation);
  try {
    await migrate(database.config);
    return tell(
      await backup(database.config, folder, invocation.clock(), progress(invocation.terminal)),
      invocation.terminal,
    );
  } finally {
    await database.close();
  }
};

export const restoreCommand: Command = async (invocation) => {
  const folder = folderOf(invocation.args);
  const database = await openDatabase(invocation);
  try {
    await migrate(database.config);
    const destroyed = destroyedIn(invocation);
    const manifest = await restore(database.config, folder, progress(invocation.terminal), destroyed);
    invocation.terminal.tell(`Decisions of destruction that were applied: ${destroyed.length}.`);
    return tell(manifest, invocation.terminal);
  } finally {
    await database.close();
  }
};

/** What is destroyed again: by the list in the data directory, and by one that is named. */
function destroyedIn({ args, config }: Parameters<Command>[0]): readonly DestroyedLine[] {
  const named = flag(args, "destroyed");
  if (named !== undefined && !existsSync(named)) throw new Error(`There is no ${named}.`);
  const own = linesIn(join(resolve(config.dataDir), DESTROYED_FILE));
  const lines = [...own, ...(named === undefined ? [] : linesIn(named))];
  return [...new Map(lines.map((line) => [line.destruction, line])).values()];
}

function folderOf([name = "", folder]: readonly string[]): string {
  if (folder === undefined || folder.startsWith("--")) throw new Error(usageOf(name));
  return folder;
}

function progress(terminal: Terminal): (table: string, done: number, of: number) => void {
  return (table, done, of) => terminal.progress(`${done}/${of} ${table}`);
}

function tell({ tables, schema, created }: Manifest, terminal: Terminal): number {
  const rows = tables.reduce((sum, one) => sum + one.rows, 0);
  terminal.print(JSON.stringify({ tables: tables.length, rows, schema, created }));
  return 0;
}
