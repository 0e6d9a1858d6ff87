/**
 * Records that came with words which are not those of their seal: they are taken out of every answer before a screen sees it, and kept
 * beside for the notice that shows them for what they are. They leave the memory with everything else of the patient.
 *
 * SPEC WEB-WORDS-1 · failure mode F17
 */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import type { FhirResource } from "fhir/r4";
import { judgeWords } from "../../base/index.ts";

/** The damaged records of a patient that have come so far. */
export function damagedQuery(patientId: string) {
  return queryOptions<readonly FhirResource[]>({
    queryKey: ["patient", patientId, "damaged"],
    queryFn: () => [],
    enabled: false,
    initialData: [],
  });
}

export function isAsSealed(item: object): boolean {
  return judgeWords(item).kind !== "differs";
}

/** The items that are as they were sealed; the others are kept for the notice, until they come sound. */
export function setAsideDamaged(
  client: QueryClient,
  patientId: string,
  items: readonly FhirResource[],
): readonly FhirResource[] {
  const sound = items.filter(isAsSealed);
  const came = new Set(items.map(nameOf));
  const { queryKey } = damagedQuery(patientId);
  const known = client.getQueryData(queryKey) ?? [];
  if (sound.length < items.length || known.some((one) => came.has(nameOf(one))))
    client.setQueryData(queryKey, [
      ...known.filter((one) => !came.has(nameOf(one))),
      ...items.filter((one) => !isAsSealed(one)),
    ]);
  return sound;
}

export function nameOf({ resourceType, id }: FhirResource): string {
  return `${resourceType}/${id}`;
}
