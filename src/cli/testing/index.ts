/** The command line in a test: run as `main.ts` runs it, with what it printed, on an installation of the test's own. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { programOf, removeEmbedded } from "../../store/testing/index.ts";
import type { Invocation, Terminal } from "../command.ts";
import { configOf } from "../config.ts";
import { run } from "../run.ts";

export type Ran = { readonly code: number; readonly printed: readonly string[]; readonly told: string };

/** Node's arguments for Eira itself. */
export const MAIN = programOf(new URL("../../main.ts", import.meta.url));

export class Installation {
  readonly folder: string;
  private ahead = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** An installation in a folder that goes away with the test. */
  static make(t: TestContext): Installation {
    const folder = mkdtempSync(join(tmpdir(), "eira-cli-"));
    t.after(async () => {
      await removeEmbedded(join(folder, "data")).catch(() => undefined); // there may never have been one
      await rm(folder, { recursive: true, force: true });
    });
    return new Installation(folder);
  }

  /** Sets the clock of later commands forward. */
  forward(milliseconds: number): void {
    this.ahead += milliseconds;
  }

  invocation(args: readonly string[], terminal: Terminal): Invocation {
    const config = configOf(
      { EIRA_DATA_DIR: join(this.folder, "data"), EIRA_DEMO: "0" },
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
