/**
 * Where there is https, cookies bear the prefix `__Host-`, which makes a browser hold to it: this host alone, sent over https alone. No
 * other host of the domain and no page over http can then plant one. Such a cookie is for every path; one that was for some path only
 * carries it in its name, and comes back to the server's code there only. Inside the server cookies have their plain names.
 *
 * SPEC HTTP-COOKIE · RFC 6265bis 4.1.3
 */
import type { FastifyInstance } from "fastify";

const PREFIX = "__Host-";
/** Between a cookie's name and the path that it is for. */
const FOR = "~";

/** From now on cookies come and go under prefixed names; those without the prefix are passed over. */
export function guardCookies(server: FastifyInstance): void {
  server.addHook("onRequest", async ({ headers, raw }) => {
    const plain = plainCookies(headers.cookie ?? "", raw.url ?? "/");
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

function plainCookies(header: string, path: string): string {
  const parts = header.split(";").map((one) => one.trim());
  return parts.flatMap((one) => plainCookie(one, path) ?? []).join("; ");
}

function plainCookie(cookie: string, path: string): string | undefined {
  if (!cookie.startsWith(PREFIX)) return undefined;
  const at = cookie.indexOf("=");
  const [name = "", own] = cookie.slice(PREFIX.length, at).split(FOR);
  if (own !== undefined && !path.startsWith(Buffer.from(own, "base64url").toString("utf8"))) return undefined;
  return name + cookie.slice(at);
}

function guarded(cookie: string): string {
  const own = /;\s*path=([^;]*)/i.exec(cookie)?.[1]?.trim() ?? "/";
  const [name, value] = [cookie.slice(0, cookie.indexOf("=")), cookie.slice(cookie.indexOf("="))];
  const whole = `${PREFIX}${name}${own === "/" ? "" : FOR + Buffer.from(own).toString("base64url")}${value}`;
  const everywhere = `${whole.replace(/;\s*path=[^;]*/i, "")}; Path=/`;
  return /;\s*secure\s*(?:;|$)/i.test(everywhere) ? everywhere : `${everywhere}; Secure`;
}
