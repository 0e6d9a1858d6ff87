/** Files that a command makes: never in place of one that is there, and readable by nobody else. SPEC CLI-AUDIT-EXPORT */
import { existsSync, writeFileSync } from "node:fs";

/** Said before the work is done. Errors: there is a file or folder of the name. */
export function refuseExisting(path: string): void {
  if (existsSync(path)) throw new Error(`${path} exists already.`);
}

/** Writes the whole file. Errors: there is one of the name. */
export function writeNewFile(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600, flag: "wx" });
}
