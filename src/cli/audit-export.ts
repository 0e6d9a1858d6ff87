/**
 * `eira audit export --format storelog --from DATE --to DATE [--patient ID | --provider HSA-ID] [--system HSA-ID] --out FILE`:
 * the access log of a period as one StoreLogRequest, the national log service's shape.
 *
 * SPEC CLI-AUDIT-EXPORT
 */
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { finished } from "node:stream/promises";
import { exportLog, STORE_LOG_BEGIN, STORE_LOG_END } from "../journal/index.ts";
import { auditVisit, periodIn } from "./audit-visit.ts";
import { flag, type Command, type Invocation } from "./command.ts";
import { withStore } from "./installation.ts";
import { refuseExisting } from "./new-file.ts";
import { usageOf } from "./usage.ts";

const USAGE = usageOf("audit export");

export const auditExport: Command = async (invocation) => {
  const { args } = invocation;
  const file = flag(args, "out");
  const patient = flag(args, "patient");
  const provider = flag(args, "provider");
  if (flag(args, "format") !== "storelog" || file === undefined) throw new Error(USAGE);
  if (patient !== undefined && provider !== undefined) throw new Error(USAGE);
  const period = periodIn(invocation);
  const system = { id: flag(args, "system") ?? "eira", name: "Eira" };
  refuseExisting(file);
  return withStore(invocation, async (store) => {
    const visit = auditVisit(invocation, store, "audit export");
    const done = await writeAll(invocation, file, exportLog(visit, { period, patient, provider, system }));
    if (done.logs === 0) invocation.terminal.tell("There are no rows in that period; no file is written.");
    invocation.terminal.print(JSON.stringify({ ...done, ...(done.logs === 0 ? {} : { file }) }));
    return 0;
  });
};

type Done = { readonly logs: number; readonly withoutId: number };

/** Writes beside the file and renames at the end, so that half a file is never taken for a whole one. */
async function writeAll(
  { terminal }: Pick<Invocation, "terminal">,
  path: string,
  pages: ReturnType<typeof exportLog>,
): Promise<Done> {
  const partial = `${path}.partial`;
  const file = createWriteStream(partial, { mode: 0o600, flags: "wx" });
  try {
    file.write(STORE_LOG_BEGIN);
    const done = { logs: 0, withoutId: 0 };
    for await (const { value } of pages) {
      if (!file.write(`${value.logs.join("\n")}\n`)) await new Promise((resolve) => file.once("drain", resolve));
      done.logs += value.logs.length;
      done.withoutId += value.withoutId;
      terminal.progress(`${done.logs} rows`);
    }
    file.end(STORE_LOG_END);
    await finished(file);
    if (done.logs > 0) renameSync(partial, path);
    return done;
  } finally {
    file.destroy();
    rmSync(partial, { force: true });
  }
}
