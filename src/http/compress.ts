/** Larger answers travel compressed when the caller can take it. SPEC HTTP-COMPRESS */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

const SMALLEST = 4096;
const zip = promisify(gzip);

/** Compresses a text answer of some size with gzip at its quickest. */
export async function compress(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (typeof payload !== "string" || payload.length < SMALLEST || reply.hasHeader("content-encoding")) return payload;
  if (!reply.hasHeader("vary")) reply.header("vary", "Accept-Encoding");
  if (!/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) return payload;
  reply.header("content-encoding", "gzip").removeHeader("content-length");
  return zip(payload, { level: 1 });
}
