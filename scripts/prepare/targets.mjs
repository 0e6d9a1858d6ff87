/**
 * What is built, from which files. A target is stale when the content of any of its inputs differs from what it was
 * built from; the order of times does not matter, so a copied or freshly cloned checkout is judged rightly.
 */
import { join } from "node:path";
import { dist, root } from "./paths.mjs";

/** Decides what both targets depend on besides their sources: packages, and how building is done. */
const COMMON = ["package-lock.json", "scripts/prepare"];

/** Never part of a product: tests and prose. */
export const isLeftOut = (path) => /\.test\.tsx?$|\.md$|(^|\/)testing(\/|\.ts$)/.test(path);

export const targets = {
  server: {
    name: "server",
    proof: "main.js", // the file that shows that the target is there
    inputs: [...COMMON, "src"],
    skip: (path) => path.startsWith("src/web/") || isLeftOut(path),
    out: join(dist, "server"),
    build: async (out) => (await import("./server-bundle.mjs")).buildServer(root, out),
  },
  web: {
    name: "web",
    proof: "index.html",
    inputs: [...COMMON, "vite.config.ts", "src/web", "src/base", "src/fhir", "src/search", "src/access"],
    skip: isLeftOut,
    out: join(dist, "web"),
    build: async (out) => (await import("./web-bundle.mjs")).buildWeb(root, out),
  },
};
