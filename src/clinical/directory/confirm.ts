/**
 * Says of assignments that somebody has gone through them and that they are to go on. Nothing else of them changes; the day and a
 * Provenance with who it was stay. Said twice on a day, it is said once.
 *
 * SPEC CLIN-REVIEW-2 · HSLF-FS 2016:40 4 kap.: access is followed up regularly
 */
import { isJsonArray, isJsonObject, type JsonObject } from "../../fhir/index.ts";
import { commit, today, type UpdateCommand, type Visit } from "../../journal/index.ts";
import { readHere, type Standing } from "./here.ts";
import { REVIEWED } from "./words.ts";

/** Most assignments at once. */
export const MOST_CONFIRMED = 500;

/** Answers how many there were to say it of. Errors: VERSION_CONFLICT when one of them was changed meanwhile. */
export async function confirmAssignments(
  visit: Visit,
  ids: readonly string[],
  { by, keeper }: { readonly by: string; readonly keeper: string },
): Promise<number> {
  const { value: here } = await readHere(visit);
  const wanted = new Set(ids.slice(0, MOST_CONFIRMED));
  const day = today(visit);
  const commands = [...here.directory.duties].flatMap(([key, { person }]): UpdateCommand[] => {
    const standing = here.standing.get(`duties ${key}`);
    const isMeant = standing !== undefined && wanted.has(standing.id) && person !== keeper;
    return isMeant && here.reviewed.get(key) !== day ? [confirmed(standing, day)] : [];
  });
  if (commands.length === 0) return 0;
  await commit(visit, commands, {
    provenance: {
      resourceType: "Provenance",
      recorded: visit.clock().toISOString(),
      activity: { text: "Uppdrag gicks igenom och ska fortsätta" },
      agent: [{ who: { display: by } }],
    },
  });
  return commands.length;
}

function confirmed({ type, id, version, raw }: Standing, day: string): UpdateCommand {
  const before = isJsonArray(raw["extension"]) ? raw["extension"] : [];
  const others = before.filter((one) => !isJsonObject(one) || one["url"] !== REVIEWED);
  const resource: JsonObject = { ...raw, extension: [...others, { url: REVIEWED, valueDate: day }] };
  return { kind: "update", type, id, where: type, resource, ifMatch: version };
}
