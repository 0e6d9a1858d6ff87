/**
 * What waits for somebody's signature: the notes that they have written and nobody has signed as they stand, oldest first. Notes that
 * another system had signed before they came here are not among them.
 *
 * SPEC JRN-UNSIGNED · PDL (2008:355) 3 kap. 10 §
 */
import { isJsonArray, isJsonObject, parseJson, type JsonObject } from "../../fhir/index.ts";
import { refuseVisit } from "../authorize.ts";
import type { Visit } from "../context.ts";
import { disclosedTogether, type Disclosed } from "../disclosed.ts";
import { searchResources } from "../search.ts";
import type { SignableType } from "./signable.ts";
import { SUPERVISOR_TAG } from "./supervised.ts";

/** The search parameters of a type that tell its author, and who has signed it elsewhere. */
const OF_TYPE: Readonly<Record<SignableType, { readonly author: string; readonly signed?: string }>> = {
  Composition: { author: "author", signed: "attester" },
  DocumentReference: { author: "author", signed: "authenticator" },
  ClinicalImpression: { author: "assessor" },
};

export type UnsignedNote = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  readonly title: string | null;
  /** When what it tells of was; the note's own date. */
  readonly date: string | null;
};

export type Unsigned = { readonly items: readonly UnsignedNote[]; readonly more: boolean };

/** The oldest `count` of them. Errors: FORBIDDEN. */
export async function unsignedOf(visit: Visit, count: number): Promise<Disclosed<Unsigned>> {
  const { actor } = visit;
  if (actor.kind !== "person") return refuseVisit(visit, "unsigned", "Det är personer som signerar.");
  const whose = `Practitioner/${actor.id},PractitionerRole/${actor.assignment.id}`;
  const wanted = Object.entries(OF_TYPE).flatMap(([type, { author, signed }]) => [
    { type, signed, by: [author, whose] as const },
    { type, signed, by: ["_tag", `${SUPERVISOR_TAG}|${actor.hsaId}`] as const },
  ]);
  const pages = await Promise.all(
    wanted.map(({ type, signed, by }) =>
      searchResources(
        visit,
        type,
        [
          by,
          ["status:not", "entered-in-error"],
          ["_sort", "date"],
          ["_count", String(count)],
          ...(signed === undefined ? [] : ([[`${signed}:missing`, "true"]] as const)),
        ],
        { only: "unsealed" },
      ),
    ),
  );
  return disclosedTogether(pages, (found) => {
    const rows = [...new Map(found.flatMap((page) => page.rows).map((row) => [`${row.type}/${row.id}`, row])).values()] // prettier-ignore
      .filter(({ content }) => !isAttested(content));
    const all = rows.map(noteOf).toSorted(byDate);
    return { items: all.slice(0, count), more: all.length > count || found.some(({ next }) => next !== null) };
  });
}

/** Attested with a time alone, which no search parameter tells. */
function isAttested(content: string): boolean {
  const { attester } = parseJson(content) as JsonObject;
  return isJsonArray(attester) && attester.some((one) => isJsonObject(one) && one["time"] !== undefined);
}

type Row = Awaited<ReturnType<typeof searchResources>>["value"]["rows"][number];

function noteOf({ type, id, version, patient, content }: Row): UnsignedNote {
  const resource = parseJson(content) as JsonObject;
  const text = (name: string): string | null => {
    const value = resource[name];
    return typeof value === "string" ? value : null;
  };
  const kind = isJsonObject(resource["type"]) ? resource["type"]["text"] : null;
  const title = text("title") ?? text("description") ?? text("summary") ?? (typeof kind === "string" ? kind : null);
  return { type, id, version, patient, title, date: text("date") };
}

/** What has no date is the first that somebody has to look at. */
function byDate(one: UnsignedNote, other: UnsignedNote): number {
  const at = ({ date }: UnsignedNote): number => (date === null ? 0 : Date.parse(date));
  return at(one) - at(other) || (one.id < other.id ? -1 : 1);
}
