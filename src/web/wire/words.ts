/** Tells the server that words came or stand otherwise than they should, and fetches a record once more. SPEC WEB-WORDS-3 */
import { queryOptions } from "@tanstack/react-query";
import type { FhirResource } from "fhir/r4";
import { get, post } from "./call.ts";

const told = new Map<string, Promise<boolean>>();

/** Told once for each version; answers whether the server has it. */
export function tellOfWords(where: "received" | "shown", version?: string): Promise<boolean> {
  const known = version === undefined ? undefined : told.get(version);
  if (known !== undefined) return known;
  const path = window.location.pathname.startsWith("/portal") ? "/api/portal/words" : "/api/words";
  const telling = post(path, { where, ...(version === undefined ? {} : { version }) }).then(
    () => true,
    () => false,
  );
  if (version !== undefined) told.set(version, telling);
  return telling;
}

/** A record as the server has it now; `name` is `Type/id`, with `/_history/n` an older version. */
export function resourceQuery(name: string) {
  return queryOptions({
    queryKey: ["patient", "resource", name],
    queryFn: ({ signal }) => get<FhirResource>(`/fhir/R4/${name}`, signal),
  });
}
