/**
 * The technical log: one JSON object a line, with its time. Nothing is put there that says anything of a patient; should an identity
 * number come in all the same (in a name that a library gave an error, say), a hash stands in its place, so that lines about it can
 * still be found together by whoever has the installation's key, and by nobody else.
 *
 * SPEC CLI-LOG
 */
import { createHmac, hkdfSync } from "node:crypto";
import { hashIdentityNumbers } from "../base/index.ts";
import type { Invocation } from "./command.ts";
import { auditKey } from "./installation.ts";

export type TechnicalLog = (level: "info" | "error", message: string, about: Readonly<Record<string, unknown>>) => void;

const SIGNS = 16;
/** The server's own number of a request: people are shown it, so it is to be found as it is. */
const OWN_NUMBER = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Writes to the terminal. The key of the hashes follows from the installation's own key, and leads back to nothing. */
export function technicalLog({
  config,
  terminal,
  clock,
}: Pick<Invocation, "config" | "terminal" | "clock">): TechnicalLog {
  const secret = auditKey(config.dataDir).export({ format: "der", type: "pkcs8" });
  const key = Buffer.from(hkdfSync("sha256", secret, "", "eira technical log", 32));
  const hash = (number: string): string =>
    `id-number:${createHmac("sha256", key).update(number).digest("hex").slice(0, SIGNS)}`;
  const safe = (_name: string, value: unknown): unknown =>
    typeof value !== "string" || OWN_NUMBER.test(value) ? value : hashIdentityNumbers(value, hash);
  return (level, message, about) => {
    const own = { time: clock().toISOString(), level, message };
    terminal.tell(JSON.stringify(Object.assign({ ...own }, about, own), safe));
  };
}
