/** `eira migrate`: brings the database to this build's schema. SPEC CLI-MIGRATE */
import type { Command } from "./command.ts";
import { migrateAs, openDatabase } from "./installation.ts";

export const migrateCommand: Command = async (invocation) => {
  const database = await openDatabase(invocation);
  try {
    const applied = await migrateAs(invocation.config, database);
    invocation.terminal.print(JSON.stringify({ applied }));
    return 0;
  } finally {
    await database.close();
  }
};
