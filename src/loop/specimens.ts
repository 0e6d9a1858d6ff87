/**
 * What a written specimen means for the ledger: a tube that was collected is its collector's until the laboratory has it; one that is lost or
 * cannot be used comes back to them. An answer that names it shows that it arrived. Pure.
 *
 * SPEC LOOP-SPECIMEN · F40 · https://hl7.org/fhir/R4/specimen.html
 */
import { isJsonArray, listOf, objectOf, type JsonObject, type JsonValue } from "../fhir/index.ts";
import type { Happening, Intent, Opening, Told } from "./intents.ts";

/** By when the laboratory is to have it, as whoever collected it says (`valueDateTime`). */
export const RECEIVED_BY_URL = "urn:eira:specimen:received-by";
/** The one that this one was collected instead of (`valueReference`). */
export const REPLACES_URL = "urn:eira:specimen:replaces";
/** Among what was done with a specimen (`processing.procedure`): that it has left for the laboratory. */
export const SPECIMEN_SYSTEM = "urn:eira:provtagning";
export const SENT_CODE = "sent";

type Stand = "none" | "collected" | "sent" | "received" | "failed" | "mistaken";

/** What a version of a specimen means, in the order in which it is to be done. */
export function ofSpecimen({ type, id, resource, before }: Told): readonly Intent[] {
  const about = `${type}/${id}`;
  const [now, was] = [standOf(resource), before === null ? "none" : standOf(before)];
  if (now === was) return [];
  const isUnderWay = now === "collected" || now === "sent";
  const opens = isUnderWay && (was === "none" || was === "mistaken") && resource !== null ? openingsOf(resource) : [];
  const note = now === "failed" && resource !== null ? whyIn(resource) : null;
  const event = EVENTS[now];
  return [...opens, ...(event === undefined ? [] : [step(about, event, note)])];
}

const EVENTS: Readonly<Partial<Record<Stand, Happening["events"]>>> = {
  sent: ["transfer"],
  received: ["receive"],
  failed: ["fail"],
  mistaken: ["mistake"],
};

/** That an answer names a specimen shows that the laboratory has it. */
export function arrived(report: JsonObject, before: JsonObject | null): readonly Happening[] {
  const known = new Set(namesIn(before?.["specimen"], "Specimen"));
  return namesIn(report["specimen"], "Specimen")
    .filter((one) => !known.has(one))
    .map((one) => step(one, ["receive"], "answered"));
}

/** How far a specimen has come by its own words. One without a time of collection is a label that waits. */
function standOf(specimen: JsonObject | null): Stand {
  if (specimen === null || specimen["status"] === "entered-in-error") return "mistaken";
  if (specimen["status"] === "unavailable" || specimen["status"] === "unsatisfactory") return "failed";
  if (specimen["receivedTime"] !== undefined) return "received";
  if (isSent(specimen)) return "sent";
  return collectedIn(specimen) === undefined ? "none" : "collected";
}

function isSent({ processing }: JsonObject): boolean {
  return listOf(processing).some((one) =>
    listOf(objectOf(objectOf(one)["procedure"])["coding"])
      .map(objectOf)
      .some(({ system, code }) => system === SPECIMEN_SYSTEM && code === SENT_CODE),
  );
}

function openingsOf(specimen: JsonObject): readonly Intent[] {
  const answers = namesIn(specimen["request"], "ServiceRequest");
  if (answers.length === 0) return []; // nothing that was asked for waits for it
  const opening: Opening = {
    do: "open",
    kind: "specimen",
    recipient: "",
    to: [],
    from: namesIn(objectOf(specimen["collection"])["collector"]),
    risk: 3,
    due: instant(extensionIn(specimen, RECEIVED_BY_URL)["valueDateTime"]),
    answers,
    told: instant(collectedIn(specimen)),
  };
  const replaced = namesIn(extensionIn(specimen, REPLACES_URL)["valueReference"], "Specimen");
  return [opening, ...replaced.map((one) => step(one, ["act"], "replaced"))];
}

function step(about: string, events: Happening["events"], note: string | null): Happening {
  return { do: "event", about, kinds: ["specimen"], events, to: [], note, leaves: null };
}

function collectedIn({ collection }: JsonObject): JsonValue | undefined {
  const { collectedDateTime, collectedPeriod } = objectOf(collection);
  return collectedDateTime ?? objectOf(collectedPeriod)["end"];
}

/** Why it cannot be used, in the words of whoever said so. */
function whyIn({ condition, note }: JsonObject): string | null {
  const said = [...listOf(condition), ...listOf(note)].map((one) => objectOf(one)["text"]);
  return said.find((one): one is string => typeof one === "string")?.slice(0, 1000) ?? null;
}

function extensionIn({ extension }: JsonObject, wanted: string): JsonObject {
  return (
    listOf(extension)
      .map(objectOf)
      .find(({ url }) => url === wanted) ?? {}
  );
}

function namesIn(value: JsonValue | undefined, type = "[A-Z][A-Za-z]+"): readonly string[] {
  const name = new RegExp(`^${type}/[A-Za-z0-9.-]{1,64}$`);
  return (isJsonArray(value) ? value : [value ?? null]).flatMap((one) => {
    const { reference } = objectOf(one);
    return typeof reference === "string" && name.test(reference) ? [reference] : [];
  });
}

function instant(value: JsonValue | undefined): number | null {
  const found = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(found) ? null : found;
}
