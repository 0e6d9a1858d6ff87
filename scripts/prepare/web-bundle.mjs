/** Builds the web application with Vite (vite.config.ts) into the given folder. */
import { join } from "node:path";
import { build } from "vite";

/** Writes index.html and its hashed files into the folder. */
export async function buildWeb(root, out) {
  await build({
    configFile: join(root, "vite.config.ts"),
    logLevel: "warn",
    build: { outDir: out, emptyOutDir: true },
  });
}
