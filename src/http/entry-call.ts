/**
 * An entry of a batch that calls an operation, or asks what the server can do: it is done by this very server through the
 * same routes, in the same name, so that it is answered as it would be alone. In a transaction such an entry is refused:
 * an operation keeps to no commit but its own.
 *
 * SPEC HTTP-ENTRY-5 · https://hl7.org/fhir/R4/http.html#transaction
 */
import { STATUS_CODES } from "node:http";
import { fhirErrorAt, writeJson } from "../fhir/index.ts";
import type { Entry } from "./entry.ts";
import { FHIR_JSON, isLenient } from "./headers.ts";
import type { Exchange } from "./route.ts";

/** `$name`, `Type/$name`, `Type/id/$name` or a version's; and `metadata`. No segment can lead upwards. */
const CALLED = /^(?:(?:[A-Za-z]+\/(?:(?!\.\.?\/)[A-Za-z0-9.-]{1,64}\/(?:_history\/\d+\/)?)?)?\$[a-z-]+|metadata)$/;
/** Long work is answered by files, and GraphQL by what is no resource. */
const NOT_INSIDE = /\$(?:export|import|graphql)$/;

/** The call that the entry came with. */
export type Calling = Pick<Exchange<"actor">, "request" | "sessions" | "visit">;

/** True for an entry that this file answers. */
export function isCall({ request: { method, url } }: Entry): boolean {
  const path = url.split("?")[0] ?? "";
  return (
    CALLED.test(path) && !NOT_INSIDE.test(path) && (method === "GET" || (method === "POST" && path !== "metadata"))
  );
}

/**
 * The answer of such an entry, as the text of an entry. `key` is the entry's own idempotency key. Errors: ENTRY_CONDITION
 * for a condition, which no operation takes.
 */
export async function answerCall(
  { request, sessions, visit }: Calling,
  { request: { method, url, ...conditions }, resource, where }: Entry,
  key: string | undefined,
): Promise<string> {
  const [condition] = Object.keys(conditions);
  if (condition !== undefined) throw fhirErrorAt("ENTRY_CONDITION", `${where}.request.${condition}`);
  const { "accept-language": language } = request.headers;
  const answer = await sessions.inNameOf(visit.actor, (token) =>
    request.server.inject({
      method: method === "GET" ? "GET" : "POST",
      url: `/fhir/R4/${url}`,
      headers: {
        authorization: `Bearer ${token}`,
        "x-eira": "1",
        accept: FHIR_JSON,
        ...(language === undefined ? {} : { "accept-language": language }),
        ...(isLenient(request) ? { prefer: "handling=lenient" } : {}),
        ...(key === undefined ? {} : { "idempotency-key": key }),
        ...(resource === undefined ? {} : { "content-type": FHIR_JSON }),
      },
      payload: resource === undefined ? undefined : writeJson(resource),
    }),
  );
  const status = JSON.stringify(`${answer.statusCode} ${STATUS_CODES[answer.statusCode] ?? ""}`.trim());
  if (answer.body === "") return `{"response":{"status":${status}}}`;
  if (answer.statusCode >= 400) return `{"response":{"status":${status},"outcome":${answer.body}}}`;
  return `{"resource":${answer.body},"response":{"status":${status}}}`;
}
