/** Which methods an address has, when it has some but not the one that was asked for. SPEC HTTP-ALLOW */
import type { FastifyRequest } from "fastify";
import { ROUTES } from "./routes.ts";

const PATTERNS = ROUTES.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll(/[.$]/g, "\\$&").replaceAll(/:[a-z]+/g, "[^/]+")}/?$`),
}));

/** The methods of the address; none when nothing answers there. */
export function allowedAt(request: FastifyRequest): readonly string[] {
  const path = (request.raw.url ?? "/").split("?")[0] ?? "/";
  const methods = new Set<string>(PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method));
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods].toSorted();
}
