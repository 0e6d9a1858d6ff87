/** What an answer tells, for comparing two databases byte by byte. SPEC HTTP-SAME */
import type { Answer } from "./index.ts";

/** An answer without what two askings differ in: the moment, and names made for the answer. */
export function toldBy({ status, headers, text }: Answer): string {
  const { date: _date, "x-request-id": _request, ...rest } = headers;
  const plain = text
    .replaceAll(/"(asOf|timestamp)":"[^"]+"/g, '"$1":"…"')
    .replace(/^(\{"resourceType":"Bundle","id":")[^"]+/, "$1…")
    .replace(/^(\{"resourceType":"Bundle"[^[]{0,80}"lastUpdated":")[^"]+/, "$1…")
    .replace(/(<Bundle[^>]*><id value=")[^"]+/, "$1…");
  return JSON.stringify({ status, headers: rest, plain });
}
