/**
 * A line of the basket as somebody has filled it in, and what it must say before it can be sent. Pure.
 *
 * SPEC CLIN-ORDER-2, CLIN-ORDER-5
 */
import { addDays, parseLocalDate, type LocalDate } from "../../base/index.ts";
import { fhirErrorAt } from "../../fhir/index.ts";
import { PRIORITIES, type Priority } from "../referrals/act.ts";
import type { Need, Orderable } from "./catalogue.ts";

export type OrderLine = {
  /** The item's id in the catalogue, and the version of it that was shown. */
  readonly item: string;
  readonly version: string;
  /** Who is asked: one of the item's receivers. */
  readonly receiver: string;
  /** The list that was shown as the one that gets it; null when none was. */
  readonly goesTo: string | null;
  readonly priority: string;
  /** The day on which it is to be done; null is now. */
  readonly when: string | null;
  readonly question: string;
  readonly history: string;
  readonly contact: string;
  /** Answers that go along, as references. */
  readonly attached: readonly string[];
};

export const MOST_LINES = 40;
const MOST_ATTACHED = 20;
const LONGEST: Readonly<Record<Need, number>> = { question: 4_000, history: 20_000, contact: 1_000 };
const LATEST_DAYS = 370;
const ATTACHED = /^(?:DiagnosticReport|Observation)\/[A-Za-z0-9.-]{1,64}$/;
/** Control characters but the ends of lines and tabulators, and halves of characters. */
const UNWRITABLE = /[^\P{Cc}\n\t]|\p{Cs}/u;

const NAMES: Readonly<Record<Need, { readonly sv: string; readonly en: string }>> = {
  question: { sv: "frågeställning", en: "question" },
  history: { sv: "anamnes", en: "history" },
  contact: { sv: "kontakt med patienten", en: "contact with the patient" },
};

/** Refuses a line that is no line, whatever the item. Errors: ORDER_INVALID with its place. */
export function refuseBadLine(line: OrderLine, at: number): void {
  for (const need of Object.keys(LONGEST) as Need[]) {
    if (line[need].length > LONGEST[need]) throw wrong(at, need, { sv: `${NAMES[need].sv}: högst ${LONGEST[need]} tecken`, en: `${NAMES[need].en}: at most ${LONGEST[need]} characters` }); // prettier-ignore
    if (UNWRITABLE.test(line[need])) throw wrong(at, need, { sv: `${NAMES[need].sv}: styrtecken`, en: `${NAMES[need].en}: control characters` }); // prettier-ignore
  }
  if (!isPriority(line.priority)) throw wrong(at, "priority", { sv: `prioritet: ${PRIORITIES.join(", ")}`, en: `priority: ${PRIORITIES.join(", ")}` }); // prettier-ignore
  if (line.attached.length > MOST_ATTACHED || !line.attached.every((one) => ATTACHED.test(one)))
    throw wrong(at, "attached", { sv: `högst ${MOST_ATTACHED} svar`, en: `at most ${MOST_ATTACHED} answers` });
}

/** Refuses what cannot be sent as it is: what its receiver must be told, who is asked, and when. Errors: ORDER_INVALID with its place. */
export function refuseUnfinished(
  line: OrderLine,
  item: Orderable,
  { at, today }: { readonly at: number; readonly today: LocalDate },
): void {
  // prettier-ignore
  if (item.version !== line.version) throw wrong(at, "version", { sv: `${item.title} har ändrats i katalogen`, en: `${item.title} has changed in the catalogue` }); // prettier-ignore
  if (!item.receivers.some(({ reference }) => reference === line.receiver)) throw wrong(at, "receiver", { sv: `${item.title}: mottagaren tar inte emot den`, en: `${item.title}: that receiver does not take it` }); // prettier-ignore
  for (const need of item.needs)
    if (line[need].trim() === "") throw wrong(at, need, { sv: `${item.title}: ${NAMES[need].sv} saknas`, en: `${item.title}: ${NAMES[need].en} is missing` }); // prettier-ignore
  if (line.when === null) return;
  const day = parseLocalDate(line.when);
  if (day === undefined || day < today || day > addDays(today, LATEST_DAYS)) throw wrong(at, "when", { sv: `${item.title}: en dag från och med i dag, inom ett år`, en: `${item.title}: a day from today on, within a year` }); // prettier-ignore
}

export function isPriority(text: string): text is Priority {
  return PRIORITIES.some((one) => one === text);
}

function wrong(at: number, name: string, said: { readonly sv: string; readonly en: string }): Error {
  return fhirErrorAt("ORDER_INVALID", `lines[${at}].${name}`, said);
}
