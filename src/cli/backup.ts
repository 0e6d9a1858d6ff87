/**
 * `eira backup FOLDER` and `eira restore FOLDER`: everything that the database holds, as of one moment. The key that signs
 * the access log (audit-key.pem in the data directory) is not in it: keep that apart.
 *
 * SPEC CLI-BACKUP
 */
import { backup, migrate, restore, type Manifest } from "../store/index.ts";
import type { Command, Terminal } from "./command.ts";
import { openDatabase } from "./installation.ts";

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
    return tell(await restore(database.config, folder, progress(invocation.terminal)), invocation.terminal);
  } finally {
    await database.close();
  }
};

function folderOf([name = "", folder]: readonly string[]): string {
  if (folder === undefined || folder.startsWith("--")) throw new Error(`Usage: ${name} FOLDER`);
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
