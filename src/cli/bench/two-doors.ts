/**
 * `eira bench-server --guarded PORT --open PORT`: one process with the same server on two ports, once as always and once with one ground
 * that permits everything, without predicate, row-level security and access log. Only `bench --access` starts it, on a database that
 * carries its mark: on any other it ends.
 *
 * SPEC CLI-BENCH-7
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildServer, Sessions } from "../../http/index.ts";
import { Store } from "../../store/index.ts";
import { numberFlag, type Command, type Invocation } from "../command.ts";
import { auditKey, journalOptions, migrateAs, openDatabase } from "../installation.ts";

const MARK = "made-for-bench";

/** Marks a data directory as made for measuring. */
export function markForBench(dataDir: string): void {
  writeFileSync(join(dataDir, MARK), "");
}

export const benchServerCommand: Command = async (invocation) => {
  const { config, args, terminal } = invocation;
  if (!existsSync(join(config.dataDir, MARK)) || config.databaseUrl !== undefined)
    throw new Error("This server measures only a database that bench has made for itself.");
  const database = await openDatabase(invocation);
  terminal.onStop(() => database.close());
  await migrateAs(config, database);
  for (const [name, isUnguarded] of [
    ["guarded", false],
    ["open", true],
  ] as const)
    await listen(invocation, { database, isUnguarded, port: numberFlag(args, name, 0) });
  terminal.print("Eira ready");
  return new Promise(() => undefined); // until it is told to stop
};

type Door = {
  readonly database: Awaited<ReturnType<typeof openDatabase>>;
  readonly isUnguarded: boolean;
  readonly port: number;
};

async function listen({ config, terminal, clock }: Invocation, { database, isUnguarded, port }: Door): Promise<void> {
  const store = await Store.open({ config: database.config, auditKey: auditKey(config.dataDir), clock, isUnguarded });
  terminal.onStop(() => store.close());
  const options = {
    journal: { ...journalOptions(config, store, clock), isUnguarded },
    demo: false,
    webRoot: undefined,
    version: config.version,
    readiness: async () => [],
  };
  const server = buildServer(options, new Sessions(store, clock, config.sessions), (_level, message) =>
    terminal.tell(message),
  );
  await server.listen({ port, host: "127.0.0.1" });
  terminal.onStop(() => server.close());
}
