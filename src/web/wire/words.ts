/** Tells the server that words came or stand otherwise than they should, and fetches a record once more. SPEC WEB-WORDS-3 */
import { queryOptions } from "@tanstack/react-query";
import type { FhirResource } from "fhir/r4";
import { get, post } from "./call.ts";

const told = new Set<string>();

/** Told once for each version; that it cannot be told changes nothing of what is shown. */
export function tellOfWords(where: "received" | "shown", version?: string): void {
  const path = window.location.pathname.startsWith("/portal") ? "/api/portal/words" : "/api/words";
  const once = `${where} ${version ?? ""}`;
  if (version !== undefined && told.has(once)) return;
  told.add(once);
  post(path, { where, ...(version === undefined ? {} : { version }) }).catch(() => undefined);
}

/** A record as the server has it now; `name` is `Type/id`, with `/_history/n` an older version. */
export function resourceQuery(name: string) {
  return queryOptions({
    queryKey: ["patient", "resource", name],
    queryFn: ({ signal }) => get<FhirResource>(`/fhir/R4/${name}`, signal),
  });
}
