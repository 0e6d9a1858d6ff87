/**
 * Bundles src/main.ts into one file; packages stay in node_modules. Files that the server reads at run time (SQL and
 * the like) lie beside their TypeScript and are found with `new URL("./name", import.meta.url)`: they are copied to
 * assets/<their path in src>, and each file's `import.meta.url` is bound to its place there, so that the same line
 * works from the sources and from the bundle.
 */
import { cpSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { build } from "esbuild";
import { isLeftOut } from "./targets.mjs";

/** Writes main.js, its source map and the assets into the folder. */
export async function buildServer(root, out) {
  const source = join(root, "src");
  await build({
    absWorkingDir: root,
    entryPoints: [join(source, "main.ts")],
    outfile: join(out, "main.js"),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "warning",
    plugins: [assetUrls(source)],
  });
  cpSync(source, join(out, "assets"), { recursive: true, filter: (path) => isAsset(relative(source, path)) });
}

function isAsset(path) {
  if (path === "web" || path.startsWith(`web${sep}`)) return false;
  return !/\.tsx?$/.test(path) && !isLeftOut(path.split(sep).join("/"));
}

function assetUrls(source) {
  return {
    name: "asset-urls",
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/, namespace: "file" }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (!text.includes("import.meta.url")) return undefined;
        const place = JSON.stringify(`./assets/${relative(source, path).split(sep).join("/")}`);
        return {
          contents: text.replaceAll("import.meta.url", `new URL(${place}, import.meta.url).href`),
          loader: "ts",
        };
      });
    },
  };
}
