/**
 * The assignments (PractitionerRole) that chart items refer to and that did not come with them: whose they are, at which
 * unit, with which profession. Directory data only, asked for once by their ids.
 *
 * SPEC WEB-SOURCE-3
 */
import { queryOptions } from "@tanstack/react-query";
import type { Bundle, FhirResource } from "fhir/r4";
import type { Beside } from "../say/concepts.ts";
import { get } from "./call.ts";

/** How many ids one question carries; addresses have a length that every server takes. */
const MOST = 60;
const ROLE = /^PractitionerRole\/([A-Za-z0-9.-]{1,64})$/;

/** Ids of the roles that items refer to and that are not known. In order, so that the same items ask the same question. */
export function missingRoles(items: readonly FhirResource[], beside: Beside): readonly string[] {
  const found = new Set<string>();
  for (const item of items) collect(item, found);
  return [...found].filter((id) => !beside.resources.has(`PractitionerRole/${id}`)).toSorted();
}

/** Those roles. */
export function rolesQuery(ids: readonly string[]) {
  return queryOptions({
    queryKey: ["roles", ids.join()],
    queryFn: async ({ signal }) => {
      const parts = Array.from({ length: Math.ceil(ids.length / MOST) }, (_, at) =>
        ids.slice(at * MOST, (at + 1) * MOST),
      );
      const bundles = await Promise.all(
        parts.map((part) => get<Bundle>(`/fhir/R4/PractitionerRole?_id=${part.join()}&_count=${MOST}`, signal)),
      );
      return bundles.flatMap((bundle) => (bundle.entry ?? []).flatMap((entry) => entry.resource ?? []));
    },
    enabled: ids.length > 0,
    staleTime: Infinity,
  });
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) collect(one, found);
  if (typeof value !== "object" || value === null) return;
  for (const [key, own] of Object.entries(value)) {
    if (key === "reference" && typeof own === "string") found.add(ROLE.exec(own)?.[1] ?? "");
    else collect(own, found);
  }
  found.delete("");
}
