/**
 * The headers that keep a browser from doing what nobody asked for. Nothing runs and nothing is shown but what this server sends as
 * a file of its own: no inline script or style, no text that becomes markup by way of a script (Trusted Types), no frame.
 *
 * SPEC HTTP-SERVER · https://www.w3.org/TR/CSP3/ · RFC 6797
 */
import type { HttpOptions } from "./options.ts";

/** Two years, as lists that browsers have built in ask for. */
const HTTPS_SECONDS = 63_072_000;

/** The policy for every answer; `style` lets the one style sheet that stands in a page count, by its hash. */
export function contentPolicy(style?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${style === undefined ? "" : ` '${style}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

const ALWAYS: Readonly<Record<string, string>> = {
  "content-security-policy": contentPolicy(),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/** True when people reach the installation by https; a proxy has the certificate. */
export function isHttps({ journal }: Pick<HttpOptions, "journal">): boolean {
  return journal.base.startsWith("https:");
}

/** The headers of every answer of an installation. */
export function browserHeaders(options: Pick<HttpOptions, "journal">): Readonly<Record<string, string>> {
  if (!isHttps(options)) return ALWAYS;
  return { ...ALWAYS, "strict-transport-security": `max-age=${HTTPS_SECONDS}; includeSubDomains` };
}
