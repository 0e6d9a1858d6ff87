/**
 * The built web application: files read once at start, hashed ones cached for ever, every other path of the
 * application answered with its page.
 *
 * SPEC HTTP-WEB
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { fhirError } from "../fhir/index.ts";

type WebFile = { readonly type: string; readonly plain: Buffer; readonly zipped: Buffer; readonly lasting: boolean };

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

const filesOf = new Map<string, ReadonlyMap<string, WebFile>>();

/** Answers a request that no route took: a file of the application, its page, or a refusal in FHIR's form. */
export function serveWeb(root: string | undefined, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const file = isPage(request) && root !== undefined ? fileAt(load(root), pathOf(request)) : undefined;
  if (file === undefined) throw fhirError("NOT_FOUND");
  reply.header("content-type", file.type).header("vary", "accept-encoding");
  reply.header("cache-control", file.lasting ? "public, max-age=31536000, immutable" : "no-cache");
  if (!/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) return reply.send(file.plain);
  return reply.header("content-encoding", "gzip").send(file.zipped);
}

function isReading({ method }: FastifyRequest): boolean {
  return method === "GET" || method === "HEAD";
}

function isPage(request: FastifyRequest): boolean {
  return isReading(request) && !/^\/(fhir|api|oauth|demo-idp|\.well-known)(\/|$)/.test(pathOf(request));
}

function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? "/").split("?")[0] ?? "/";
}

/** The file itself; every path without an extension is a place inside the application. */
function fileAt(files: ReadonlyMap<string, WebFile>, path: string): WebFile | undefined {
  return files.get(path) ?? (extname(path) === "" ? files.get("/index.html") : undefined);
}

function load(root: string): ReadonlyMap<string, WebFile> {
  const known = filesOf.get(root);
  if (known !== undefined) return known;
  const files = new Map<string, WebFile>();
  if (existsSync(root)) {
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const full = join(entry.parentPath, entry.name);
      const plain = readFileSync(full);
      const path = `/${relative(root, full).split(sep).join("/")}`;
      files.set(path, {
        type: TYPES[extname(path)] ?? "application/octet-stream",
        plain,
        zipped: gzipSync(plain),
        lasting: path.startsWith("/assets/"),
      });
    }
  }
  filesOf.set(root, files);
  return files;
}
