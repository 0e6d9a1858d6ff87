/**
 * Notes (anteckningar) as Composition with search words (sökord) as sections. A signed note is final and carries the
 * signature as attester; an unsigned one is preliminary. Empty sections are left out, never written empty. SPEC DEMO-NOTE
 */
import type { Composition } from "fhir/r4";
import { coding, local, LOCAL, SYSTEM } from "../codes/systems.ts";
import { HOUR, timeText } from "../time.ts";
import { inEncounter, put, type Scene } from "./chart.ts";

/** Note types of the national list (KV Anteckningstyp). */
export type NoteKind =
  | "besök"
  | "åtgärd"
  | "sammanfattning"
  | "samordning"
  | "inskrivning"
  | "slutanteckning"
  | "utan möte"
  | "slutenvård"
  | "utredning";

const KIND: Record<NoteKind, readonly [code: string, text: string]> = {
  besök: ["bes", "Besöksanteckning"],
  åtgärd: ["atb", "Åtgärds- och behandlingsanteckning"],
  sammanfattning: ["sam", "Sammanfattning"],
  samordning: ["sao", "Samordningsanteckning"],
  inskrivning: ["ins", "Inskrivningsanteckning"],
  slutanteckning: ["slu", "Slutanteckning"],
  "utan möte": ["auf", "Anteckning utan fysiskt möte"],
  slutenvård: ["sva", "Slutenvårdsanteckning"],
  utredning: ["utr", "Utredningsanteckning"],
};

export type Sections = Readonly<Record<string, string | undefined>>;

export interface NotePlan {
  readonly kind: NoteKind;
  readonly title?: string;
  /** Left unsigned. */
  readonly unsigned?: boolean;
}

/** Writes a note; sections without text are left out. */
export function write(where: Scene, plan: NotePlan, sections: Sections): Composition {
  const { chart, unit, by, at } = where;
  const [code, text] = KIND[plan.kind];
  const signed = Math.min(at + chart.dice.between(0, 20) * HOUR, chart.now);
  return put(chart, unit, at, {
    resourceType: "Composition",
    status: plan.unsigned ? "preliminary" : "final",
    type: { coding: [coding(SYSTEM.noteType, code, text)], text },
    category: [local(LOCAL.note, by.profession === "läkare" ? "Läkaranteckning" : `Anteckning av ${by.profession}`)],
    subject: chart.subject,
    ...inEncounter(where),
    date: timeText(at),
    author: [by.ref],
    title: plan.title ?? text,
    ...(plan.unsigned ? {} : { attester: [{ mode: "legal" as const, time: timeText(signed), party: by.ref }] }),
    custodian: unit.ref,
    section: sectionsOf(sections),
  } satisfies Composition);
}

function sectionsOf(sections: Sections): NonNullable<Composition["section"]> {
  return Object.entries(sections)
    .filter((one): one is [string, string] => one[1] !== undefined && one[1] !== "")
    .map(([title, text]) => ({
      title,
      code: { text: title },
      text: { status: "additional" as const, div: xhtml(text) },
    }));
}

/** Paragraphs are separated by a line break in the text. */
export function xhtml(text: string): string {
  const paragraphs = text.split("\n").map((one) => `<p>${escapeText(one)}</p>`);
  return `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.join("")}</div>`;
}

/** The five characters that mean something in XHTML text, made harmless. */
export function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
