/**
 * What loops are about, in what tells one matter and one patient from another on a list: read by the journal as anything else, with its
 * grounds, its rules for protected identity and its log. What nothing opens to the reader is not told.
 *
 * SPEC CLIN-LOOP-1
 */
import { isJsonArray, objectOf, parseJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { loopSubjects, type Loop } from "../../loop/index.ts";
import { disclosedTogether, searchResources, type Disclosed, type Found, type Visit } from "../../journal/index.ts";

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
    const known = new Map(
      pages.flatMap(({ rows }) => rows.map(({ type, id, content }) => [`${type}/${id}`, content] as const)),
    );
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

function aboutOf(loop: Loop, known: ReadonlyMap<string, string>): LoopAbout {
  const subject = subjectOf(loop);
  const content = known.get(subject);
  const patient = loop.patient === null ? undefined : known.get(`Patient/${loop.patient}`);
  const isOpen = content !== undefined;
  return {
    id: loop.id,
    subject,
    title: isOpen ? titleOf(objectIn(content)) : null,
    hasValues: isOpen && isJsonArray(objectIn(content)["result"]),
    patient: loop.patient,
    // That there is such a patient opens nothing: whoever may not see the matter is not told of whom it is.
    person: isOpen && patient !== undefined ? toldOf(objectIn(patient)) : null,
  };
}

/** What tells one patient from another on a list; the rest is in the chart. */
function toldOf({
  resourceType,
  id,
  meta,
  identifier,
  name,
  birthDate,
  deceasedDateTime,
  deceasedBoolean,
}: JsonObject): JsonObject {
  const told = { resourceType, id, meta, identifier, name, birthDate, deceasedDateTime, deceasedBoolean };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

/** What a matter is called: its code, else its category, else what it says of itself. */
function titleOf(resource: JsonObject): string | null {
  const said = [
    textIn(resource["title"]),
    resource["resourceType"] === "Specimen" ? specimenTitle(resource) : null,
    conceptIn(resource["code"]),
    conceptIn(resource["topic"]),
    textIn(resource["description"]),
    conceptIn(firstOf(resource["reasonCode"])),
    conceptIn(firstOf(resource["category"])),
    conceptIn(resource["type"]),
    textIn(objectOf(firstOf(resource["payload"]))["contentString"])?.slice(0, LONGEST) ?? null,
  ];
  return said.find((one) => one !== null) ?? null;
}

/** A tube is known by its number, as it stands on the label, and by what it is. */
function specimenTitle({ accessionIdentifier, container, type }: JsonObject): string | null {
  const number = textIn(objectOf(accessionIdentifier)["value"]);
  const what = conceptIn(objectOf(firstOf(container))["type"]) ?? conceptIn(type); // a specimen is in one tube
  return [what, number].filter((one) => one !== null).join(", ") || null;
}

const LONGEST = 80;

/** Lists have the most telling one first, when they have any order at all. */
function firstOf(value: JsonValue | undefined): JsonValue | undefined {
  return isJsonArray(value) ? value[0] : undefined;
}

function conceptIn(value: JsonValue | undefined): string | null {
  const concept = objectOf(value);
  const codings = isJsonArray(concept["coding"]) ? concept["coding"] : [];
  const displays = codings.map((one) => textIn(objectOf(one)["display"]));
  return textIn(concept["text"]) ?? displays.find((one) => one !== null) ?? null;
}

function textIn(value: JsonValue | undefined): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function objectIn(text: string): JsonObject {
  return objectOf(parseJson(text));
}
