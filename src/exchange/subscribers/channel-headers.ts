/**
 * The headers that a subscription may add to its notifications: anything that does not steer the connection or speak in
 * the server's name.
 *
 * SPEC EXCH-HEADER · https://hl7.org/fhir/R4/subscription-definitions.html#Subscription.channel.header
 */
import { validateHeaderName, validateHeaderValue } from "node:http";

const REFUSED: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "cookie",
  "expect",
  "host",
  "idempotency-key",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);
const REFUSED_BEGINNINGS = /^(?:proxy-|sec-|x-forwarded|forwarded|eira-)/;
const MOST = 20;
const LONGEST = 4000;

/** The headers as a record, or why not. */
export function channelHeaders(lines: readonly string[]): Readonly<Record<string, string>> | string {
  if (lines.length > MOST || lines.some((line) => line.length > LONGEST))
    return "There are too many or too long headers.";
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf(":");
    const name = line.slice(0, Math.max(at, 0)).trim().toLowerCase();
    const value = line.slice(at + 1).trim();
    if (!isHeader(name, value)) return "A header is not of the form Name: value.";
    if (REFUSED.has(name) || REFUSED_BEGINNINGS.test(name))
      return `The header ${name} may not be set by a subscription.`;
    if (value === "***") return `Of the header ${name} nothing is held; it is to be sent whole.`;
    headers[name] = value;
  }
  return headers;
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
