/**
 * How the web application is built: sources in src/web, result in dist/web. The manifest is what the page budgets are
 * measured from (scripts/checks). No inline scripts or styles are produced, for the sake of the content security policy.
 */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = `http://127.0.0.1:${process.env["EIRA_PORT"] ?? "8080"}`;

export default defineConfig({
  root: "src/web",
  publicDir: "public",
  plugins: [react()],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    sourcemap: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  // While developing: `npx vite` beside a running `npm start`.
  server: { proxy: { "/api": server, "/fhir": server, "/healthz": server, "/readyz": server } },
});
