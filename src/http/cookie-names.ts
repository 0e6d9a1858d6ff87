/**
 * Where there is https, cookies bear the prefix that makes a browser hold to it: `__Host-` (this host alone, sent over https alone), or
 * `__Secure-` for one that is for a path of its own. No other host of the domain and no page over http can then plant one. Inside the
 * server they have their plain names.
 *
 * SPEC HTTP-COOKIE · RFC 6265bis 4.1.3
 */
import type { FastifyInstance } from "fastify";

const PREFIX = /^__(?:Host|Secure)-/;

/** From now on cookies come and go under prefixed names; those without a prefix are passed over. */
export function guardCookies(server: FastifyInstance): void {
  server.addHook("onRequest", async ({ headers }) => {
    const plain = plainCookies(headers.cookie ?? "");
    if (plain === "") delete headers.cookie;
    else headers.cookie = plain;
  });
  server.addHook("onSend", async (_request, reply, payload) => {
    const set = reply.getHeader("set-cookie");
    if (set === undefined) return payload;
    reply.removeHeader("set-cookie");
    reply.header(
      "set-cookie",
      [set].flat().map((one) => guarded(String(one))),
    );
    return payload;
  });
}

function plainCookies(header: string): string {
  const parts = header.split(";").map((one) => one.trim());
  const guardedOnes = parts.filter((one) => PREFIX.test(one));
  return guardedOnes.map((one) => one.replace(PREFIX, "")).join("; ");
}

function guarded(cookie: string): string {
  const prefix = /;\s*path=\/\s*(?:;|$)/i.test(cookie) ? "__Host-" : "__Secure-";
  return `${prefix}${cookie}${/;\s*secure\s*(?:;|$)/i.test(cookie) ? "" : "; Secure"}`;
}
