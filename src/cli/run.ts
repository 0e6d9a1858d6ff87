/** Chooses the command. SPEC CLI-RUN */
import { auditCommand } from "./audit.ts";
import { benchCommand } from "./bench/bench.ts";
import { benchServerCommand } from "./bench/two-doors.ts";
import { backupCommand, restoreCommand } from "./backup.ts";
import { LayoutRefusal } from "../store/index.ts";
import { clientCommand } from "./client.ts";
import type { Command, Invocation } from "./command.ts";
import { destroyCommand } from "./destroy.ts";
import { directoryCommand } from "./directory.ts";
import { doctorCommand } from "./doctor.ts";
import { drillCommand } from "./drill/drill.ts";
import { exportCommand } from "./export.ts";
import { fuzzCommand } from "./fuzz/fuzz.ts";
import { hl7Command } from "./hl7-command.ts";
import { importCommand } from "./import.ts";
import { migrateCommand } from "./migrate.ts";
import { serveCommand, workerCommand } from "./serve.ts";
import { sessionCommand } from "./session.ts";
import { simulateCommand } from "./simulate.ts";
import { simulatorCommand } from "./simulator.ts";
import { subscriptionsCommand } from "./subscriptions.ts";
import { terminologyCommand } from "./terminology.ts";
import { tokenCommand } from "./token.ts";

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: serveCommand,
  "serve-worker": workerCommand,
  migrate: migrateCommand,
  import: importCommand,
  export: exportCommand,
  destroy: destroyCommand,
  token: tokenCommand,
  client: clientCommand,
  session: sessionCommand,
  simulate: simulateCommand,
  simulator: simulatorCommand,
  audit: auditCommand,
  bench: benchCommand,
  "bench-server": benchServerCommand,
  terminology: terminologyCommand,
  backup: backupCommand,
  doctor: doctorCommand,
  drill: drillCommand,
  fuzz: fuzzCommand,
  directory: directoryCommand,
  subscriptions: subscriptionsCommand,
  hl7: hl7Command,
  restore: restoreCommand,
};

/** Runs what the arguments ask for and answers the exit code: 0 done, 1 its claim does not hold, 2 not understood or not laid out so. */
export async function run(invocation: Invocation): Promise<number> {
  const [name = ""] = invocation.args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const known = Object.keys(COMMANDS).filter((one) => one !== "serve-worker" && one !== "bench-server");
    invocation.terminal.tell(
      `${name === "" ? "Say what to do" : `There is no command "${name}"`}: ${known.join(", ")}`,
    );
    return 2;
  }
  try {
    return await command(invocation);
  } catch (error) {
    invocation.terminal.tell(error instanceof Error ? error.message : String(error));
    return error instanceof LayoutRefusal ? 2 : 1;
  }
}
