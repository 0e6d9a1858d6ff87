/**
 * To whom a letter about a patient can go and by which ways, before anything is written: the same functions that the ledger asks when it
 * is. Who has no way is shown with that, and cannot be chosen.
 *
 * SPEC CLIN-LETTER-3 · F7
 */
import { isJsonObject, listOf, objectOf, protectionLabels, type JsonObject } from "../../fhir/index.ts";
import {
  disclosedTogether,
  readResource,
  requireNeed,
  searchResources,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { recipientFacts, transportsFor, type LetterContent, type Transport } from "../../loop/index.ts";
import { nameIn, objectIn } from "../said.ts";
import { momentInWords } from "./compose.ts";
import { staff } from "./templates.ts";

export type RecipientOption = {
  readonly to: string;
  readonly kind: "patient" | "relative";
  readonly name: string | null;
  /** What relatives are to the patient. */
  readonly relation: string | null;
  readonly ways: readonly Transport[];
};
export type BookingOption = { readonly id: string; readonly time: string | null; readonly place: string | null };
export type LetterOptions = {
  readonly recipients: readonly RecipientOption[];
  readonly bookings: readonly BookingOption[];
  /** Whether it may go to an address that somebody types: not of somebody who is protected. */
  readonly isAddressOpen: boolean;
};

/** Words that every way can carry: who has no way for these has none. */
const PLAIN: LetterContent = { isEmpty: false, isText: true, isForPatient: true, isForOthers: true };
const MOST = "50";

/** Errors: NO_CARE_RELATION, NOT_FOUND, FORBIDDEN. */
export async function letterOptions(visit: Visit, patient: string): Promise<Disclosed<LetterOptions>> {
  const { reach } = await staff(visit, "search");
  await requireNeed(visit, patient, `Patient/${patient} letters`);
  const now = visit.clock().toISOString();
  const [own, relatives, bookings] = await Promise.all([
    readResource(visit, "Patient", patient),
    searchResources(visit, "RelatedPerson", [["patient", patient], ["active:not", "false"], ["_count", MOST]]), // prettier-ignore
    searchResources(visit, "Appointment", [["patient", patient], ["status", "booked,pending,proposed"], ["date", `ge${now}`], ["_sort", "date"], ["_count", MOST]]), // prettier-ignore
  ]);
  const people = [
    { to: `Patient/${patient}`, kind: "patient" as const, content: own.value.content },
    ...relatives.value.rows.map(({ id, content }) => ({
      to: `RelatedPerson/${id}`,
      kind: "relative" as const,
      content,
    })),
  ];
  const ways = await visit.store.read(reach, (look) =>
    Promise.all(
      people.map(async ({ to }) => {
        const facts = await recipientFacts({ look, options: visit, patient }, to);
        return facts === undefined ? [] : transportsFor(facts, PLAIN);
      }),
    ),
  );
  return disclosedTogether([own, relatives, bookings] as const, ([{ content }, , { rows }]) => ({
    isAddressOpen: protectionLabels(objectIn(content)).length === 0,
    recipients: people.map(({ to, kind, content: words }, at) => {
      const person = objectIn(words);
      return {
        to,
        kind,
        name: nameOf(person),
        relation: nameIn(person["relationship"]) ?? null,
        ways: ways[at] ?? [],
      };
    }),
    bookings: rows.map(({ id, content }) => ({ id, ...bookingOf(objectIn(content)) })),
  }));
}

const PLACE = /^(?:Location|HealthcareService|Organization)\//;

/** When and where a booking is, as a letter says it. */
export function bookingOf(appointment: JsonObject): { readonly time: string | null; readonly place: string | null } {
  const { start, participant } = appointment;
  const places = listOf(participant).flatMap((one) => {
    const { reference, display } = objectOf(isJsonObject(one) ? one["actor"] : undefined);
    return typeof display === "string" && typeof reference === "string" && PLACE.test(reference) ? [display] : []; // prettier-ignore
  });
  return { time: typeof start === "string" ? momentInWords(start) : null, place: places[0] ?? null }; // the first place is where to go
}

/** What a person is called, as the reader is shown it; nothing of one who is protected. */
export function nameOf({ name }: JsonObject): string | null {
  const names = listOf(name).filter(isJsonObject);
  const { text, given, family } = names.find(({ use }) => use === "official") ?? names[0] ?? {}; // any name is better than none
  if (typeof text === "string") return text;
  const parts = [...listOf(given), family].filter((one) => typeof one === "string");
  return parts.length === 0 ? null : parts.join(" ");
}
