/** `eira migrate`: brings the database to this build's schema. SPEC CLI-MIGRATE */
import { migrate } from "../store/index.ts";
import type { Command } from "./command.ts";
import { openDatabase } from "./installation.ts";

export const migrateCommand: Command = async (invocation) => {
  const database = await openDatabase(invocation);
  try {
    const applied = await migrate(database.config);
    invocation.terminal.print(JSON.stringify({ applied }));
    return 0;
  } finally {
    await database.close();
  }
};
