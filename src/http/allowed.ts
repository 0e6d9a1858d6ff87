/** Which methods an address has, when it has some but not the one that was asked for. SPEC HTTP-ALLOW */
import type { FastifyRequest } from "fastify";
import { ROUTES } from "./routes.ts";

const PATTERNS = ROUTES.map(({ method, path }) => ({
  method,
  /** An address with a name of its own (`metadata`, `_history`) is not that of a type, though it has the form of one. */
  isNamed: !path.includes(":"),
  pattern: new RegExp(`^${path.replaceAll(/[.$]/g, "\\$&").replaceAll(/:[a-z]+/g, "[^/]+")}/?$`),
}));

/** The methods of the address; none when nothing answers there. */
export function allowedAt(request: FastifyRequest): readonly string[] {
  const path = (request.raw.url ?? "/").split("?")[0] ?? "/";
  const here = PATTERNS.filter(({ pattern }) => pattern.test(path));
  const named = here.filter(({ isNamed }) => isNamed);
  const methods = new Set<string>((named.length > 0 ? named : here).map(({ method }) => method));
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods].toSorted();
}
