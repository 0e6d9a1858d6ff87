/** The command line in a test: run as `main.ts` runs it, with what it printed, on an installation of the test's own. */
import { existsSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keptDatabase, migratedTemplate, programOf, removeEmbedded } from "../../store/testing/index.ts";
import type { Invocation, Terminal } from "../command.ts";
import { configOf } from "../config.ts";
import { run } from "../run.ts";

export { workingServer, type WorkingServer } from "./long-work.ts";

export type Ran = { readonly code: number; readonly printed: readonly string[]; readonly told: string };

/** Node's arguments for Eira itself. */
export const MAIN = programOf(new URL("../../main.ts", import.meta.url));

/** The folder of the sources, from these and from the bundle of the tests alike. */
export const ROOT = rootAbove(fileURLToPath(import.meta.url));

function rootAbove(path: string): string {
  return existsSync(join(path, "architecture.json")) ? path : rootAbove(join(path, ".."));
}

/** What cleaning up waits for the end of: a test, or the whole file. */
type Scope = { after(work: () => Promise<unknown>): void };

export class Installation {
  readonly folder: string;
  /** Of a database that is there already; undefined where each command starts the installation's own. */
  readonly databaseUrl: string | undefined;
  private ahead = 0;

  constructor(folder: string, databaseUrl?: string) {
    this.folder = folder;
    this.databaseUrl = databaseUrl;
  }

  /** An installation in a folder that goes away with the test, or with the file. */
  static make(t: Scope): Installation {
    const folder = mkdtempSync(join(tmpdir(), "eira-cli-"));
    t.after(async () => {
      await removeEmbedded(join(folder, "data")).catch(() => undefined); // there may never have been one
      await rm(folder, { recursive: true, force: true });
    });
    return new Installation(folder);
  }

  /** The same on a migrated database of the tests' server: no command has to start and stop a database. */
  static async lent(t: Scope): Promise<Installation> {
    const { url, drop } = await keptDatabase(await migratedTemplate());
    t.after(drop);
    return new Installation(Installation.make(t).folder, url);
  }

  /** Sets the clock of later commands forward. */
  forward(milliseconds: number): void {
    this.ahead += milliseconds;
  }

  invocation(args: readonly string[], terminal: Terminal): Invocation {
    const config = configOf(
      { EIRA_DATA_DIR: join(this.folder, "data"), EIRA_DEMO: "0", DATABASE_URL: this.databaseUrl },
      { webRoot: "", version: "test" },
    );
    return {
      args,
      config,
      terminal,
      clock: () => new Date(Date.now() + this.ahead),
      self: { command: [process.execPath, ...MAIN], environment: process.env },
    };
  }

  async run(...args: string[]): Promise<Ran> {
    const printed: string[] = [];
    const told: string[] = [];
    const terminal: Terminal = {
      print: (line) => printed.push(line),
      tell: (line) => told.push(line),
      progress: () => undefined,
      onStop: () => undefined,
    };
    const code = await run(this.invocation(args, terminal));
    return { code, printed, told: told.join("\n") };
  }
}
