/**
 * How a test starts one of our own programs as a process of its own: the one that the test run has bundled, or the source
 * itself when a single file is tested by hand.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Node's arguments for the program with this source. */
export function programOf(source: URL): readonly string[] {
  const path = fileURLToPath(source);
  const built = process.env["EIRA_BUILT_TESTS"];
  if (built === undefined) return ["--import", "tsx", path];
  const place = join(built, path.slice(ROOT.length).replace(/\.ts$/, ".js"));
  if (!existsSync(place)) throw new Error(`${path} was not built; scripts/testing/built-tests.ts says what is`);
  return ["--enable-source-maps", place];
}
