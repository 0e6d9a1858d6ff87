/**
 * Which machine last started the database. On storage that two machines share, PostgreSQL's own checks (process
 * number, shared memory) see nothing of the other machine; two servers would destroy the data. SPEC EMB-MACHINE.
 */
import { join } from "node:path";
import { readJson, writeDurably } from "./durable-file.ts";
import { EmbeddedError } from "./embedded-error.ts";
import type { Instance } from "./placement.ts";
import { readPostmasterFile, postmasterFilePath } from "./postmaster-file.ts";
import { bootId, machineName } from "./processes.ts";

interface LastStart {
  readonly machine: string;
  readonly boot: string;
}

/** Records this machine as the one that runs the database. */
export async function rememberStart(instance: Instance): Promise<void> {
  await writeDurably(
    lastStartPath(instance),
    JSON.stringify({ machine: machineName(), boot: bootId() } satisfies LastStart),
  );
}

/** Throws EmbeddedError when the database was not closed in order and was last started by another machine, which may still run it. */
export async function refuseOtherMachine(instance: Instance): Promise<void> {
  if ((await readPostmasterFile(instance.data)) === undefined) return; // closed in order
  const last = await readJson<LastStart>(lastStartPath(instance));
  if (last === undefined || last.boot === bootId() || last.machine === machineName()) return;
  throw new EmbeddedError(
    `The database in ${instance.data} was last started on the machine ${last.machine} and was not closed there. ` +
      `If it no longer runs there, delete ${postmasterFilePath(instance.data)} and start again.`,
  );
}

function lastStartPath({ home }: Instance): string {
  return join(home, "last-start.json");
}
