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
import { helpOf, unknownOption } from "./usage.ts";

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

/**
 * Runs what the arguments ask for, or with `--help` tells how it is asked for. Answers the exit code: 0 done, 1 its claim does not hold,
 * 2 not understood or not laid out so.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { args, terminal } = invocation;
  const [name = ""] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined && name === "--help") return told(`Say what to do: ${KNOWN}`, terminal.print, 0);
  if (command === undefined)
    return told(`${name === "" ? "Say what to do" : `There is no command "${name}"`}: ${KNOWN}`, terminal.tell, 2);
  if (args.includes("--help")) return told(helpOf(name), terminal.print, 0);
  const wrong = unknownOption(args);
  if (wrong !== undefined) return told(wrong, terminal.tell, 2);
  try {
    return await command(invocation);
  } catch (error) {
    return told(
      error instanceof Error ? error.message : String(error),
      terminal.tell,
      error instanceof LayoutRefusal ? 2 : 1,
    );
  }
}

/** Those that a person calls. */
const KNOWN = Object.keys(COMMANDS)
  .filter((one) => helpOf(one) !== "")
  .join(", ");

function told(text: string, tell: (line: string) => void, code: number): number {
  tell(text);
  return code;
}
