/**
 * The key that signs identity tokens for applications, made when it is first needed. It lies in the data directory, not in the
 * database, readable by its owner only; servers of one installation share it.
 *
 * SPEC CLI-INSTALL
 */
import { createPrivateKey, generateKeyPairSync, randomUUID, type KeyObject } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const SIGNING_KEY = "signing-key.pem";

/** The installation's key (RSA, 3072 bits: as strong as 128 bits). Of several servers that make one at once, all get the same. */
export function signingKey(dataDir: string): KeyObject {
  const path = join(dataDir, SIGNING_KEY);
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 3072 });
    const own = join(dataDir, `.${SIGNING_KEY}-${randomUUID()}`);
    writeFileSync(own, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx", flush: true });
    try {
      linkSync(own, path); // whole, or not at all
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(own);
    }
  }
  return createPrivateKey(readFileSync(path));
}
