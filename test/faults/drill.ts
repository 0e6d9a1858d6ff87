/** Runs a drill as a person would, on the built program, and answers its exit code and what its last line says. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export type Ran = {
  readonly code: number | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly told: string;
};

const program = fileURLToPath(new URL("../../scripts/eira.mjs", import.meta.url));

export async function drill(...words: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [program, "drill", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let told = "";
  child.stdout.on("data", (part: Buffer) => (printed += part.toString("utf8")));
  child.stderr.on("data", (part: Buffer) => (told += part.toString("utf8")));
  const [code] = (await once(child, "close")) as [number | null];
  const last = printed.trim().split("\n").at(-1) ?? "";
  return { code, counts: last === "" ? {} : (JSON.parse(last) as Record<string, number>), told };
}
