/**
 * What loops are about, in what tells one matter and one patient from another on a list: read by the journal as anything else, with its
 * grounds, its rules for protected identity and its log. What nothing opens to the reader is not told.
 *
 * SPEC CLIN-LOOP-1
 */
import { isJsonArray, objectOf, type JsonObject } from "../../fhir/index.ts";
import { loopSubjects, type Loop } from "../../loop/index.ts";
import { disclosedTogether, searchResources, type Disclosed, type Found, type Visit } from "../../journal/index.ts";
import { firstOf, nameIn, resourcesIn, tellingPart, textIn } from "../said.ts";

export type LoopAbout = {
  readonly id: string;
  /** The resource, as `Type/id`. */
  readonly subject: string;
  readonly title: string | null;
  /** An answer with values, which can be compared with their intervals; one in words alone cannot. */
  readonly hasValues: boolean;
  /** The patient's id; null of what is about nobody. */
  readonly patient: string | null;
  /** What tells the patient from others; null when nothing opens the record. */
  readonly person: JsonObject | null;
};

/** What some loops are about; those that are on none of the reader's lists are left out. Errors: FORBIDDEN. */
export async function aboutLoops(visit: Visit, ids: readonly string[]): Promise<Disclosed<readonly LoopAbout[]>> {
  const { value: loops } = await loopSubjects(visit, ids);
  const named = loops.flatMap(({ patient }) => (patient === null ? [] : [`Patient/${patient}`]));
  const found = await readNamed(visit, new Set([...loops.map(subjectOf), ...named]));
  return disclosedTogether(found, (pages) => {
    const known = resourcesIn(pages);
    return loops.map((loop) => aboutOf(loop, known));
  });
}

function subjectOf({ subject }: Loop): string {
  return `${subject.type}/${subject.id}`;
}

/** The resources that are named, one search for each type. */
async function readNamed(visit: Visit, names: ReadonlySet<string>): Promise<readonly Disclosed<Found>[]> {
  const byType = new Map<string, string[]>();
  for (const name of names) {
    const [type = "", id = ""] = name.split("/");
    byType.set(type, [...(byType.get(type) ?? []), id]);
  }
  return Promise.all(
    [...byType].map(([type, some]) =>
      searchResources(visit, type, [
        ["_id", some.join(",")],
        ["_count", String(some.length)],
      ]),
    ),
  );
}

function aboutOf(loop: Loop, known: ReadonlyMap<string, JsonObject>): LoopAbout {
  const subject = subjectOf(loop);
  const matter = known.get(subject);
  const patient = loop.patient === null ? undefined : known.get(`Patient/${loop.patient}`);
  return {
    id: loop.id,
    subject,
    title: matter === undefined ? null : titleOf(matter),
    hasValues: isJsonArray(matter?.["result"]),
    patient: loop.patient,
    // That there is such a patient opens nothing: whoever may not see the matter is not told of whom it is.
    person: matter === undefined || patient === undefined ? null : tellingPart(patient),
  };
}

/** What a matter is called: its code, else its category, else what it says of itself. */
function titleOf(resource: JsonObject): string | null {
  const said = [
    textIn(resource["title"]),
    resource["resourceType"] === "Specimen" ? specimenTitle(resource) : undefined,
    nameIn(resource["code"]),
    nameIn(resource["topic"]),
    textIn(resource["description"]),
    nameIn(resource["reasonCode"]),
    nameIn(resource["category"]),
    nameIn(resource["type"]),
    textIn(objectOf(firstOf(resource["payload"]))["contentString"])?.slice(0, LONGEST),
  ];
  return said.find((one) => one !== undefined) ?? null;
}

/** A tube is known by its number, as it stands on the label, and by what it is. */
function specimenTitle({ accessionIdentifier, container, type }: JsonObject): string | undefined {
  const number = textIn(objectOf(accessionIdentifier)["value"]);
  const what = nameIn(objectOf(firstOf(container))["type"]) ?? nameIn(type); // a specimen is in one tube
  return [what, number].filter((one) => one !== undefined).join(", ") || undefined;
}

const LONGEST = 80;
