/**
 * The region's templates for notes, as Questionnaires: the search words that the records of the demonstration have too, for each kind of
 * contact and profession. For showing the software, not for care. SPEC DEMO-CATALOGUE-5 · the forms are those of clinical (SPEC CLIN-NOTE)
 */
import type { Coding, Questionnaire } from "fhir/r4";
import { newId } from "../../base/index.ts";
import type { DemoEntry } from "../chart/chart.ts";
import { coding, slug, SYSTEM } from "../codes/systems.ts";
import { dice } from "../dice.ts";
import { utcMs, wall } from "../time.ts";

const URL = "urn:eira:anteckningsmall";
const CONTACTS = { besok: "Besök", telefon: "Telefonkontakt", digitalt: "Digitalt besök", hembesok: "Hembesök", akut: "Akutbesök", vardtillfalle: "Vårdtillfälle" }; // prettier-ignore

type Row = {
  readonly title: string;
  readonly kind: readonly [code: string, text: string];
  readonly contacts: readonly (keyof typeof CONTACTS)[];
  readonly professions?: readonly string[];
  readonly words: readonly string[];
};

const NURSES = ["sjuksköterska", "barnmorska", "undersköterska"];
const VISIT = ["bes", "Besöksanteckning"] as const;
const ROWS: readonly Row[] = [
  { title: "Besöksanteckning", kind: VISIT, contacts: ["besok", "hembesok"], words: ["Kontaktorsak", "Anamnes", "Status", "Bedömning", "Åtgärd", "Planering"] }, // prettier-ignore
  { title: "Akutanteckning", kind: VISIT, contacts: ["akut"], words: ["Kontaktorsak", "Anamnes", "Aktuella läkemedel", "Status", "Bedömning", "Planering"] }, // prettier-ignore
  { title: "Daganteckning", kind: ["sva", "Slutenvårdsanteckning"], contacts: ["vardtillfalle"], words: ["Aktuellt", "Status", "Bedömning", "Planering"] }, // prettier-ignore
  { title: "Telefonanteckning", kind: ["auf", "Anteckning utan fysiskt möte"], contacts: ["telefon", "digitalt"], words: ["Kontaktorsak", "Aktuellt", "Bedömning", "Råd och information"] }, // prettier-ignore
  { title: "Omvårdnadsanteckning", kind: ["atb", "Åtgärds- och behandlingsanteckning"], contacts: ["besok", "hembesok", "vardtillfalle"], professions: NURSES, words: ["Kontaktorsak", "Omvårdnadsstatus", "Åtgärd", "Utvärdering", "Planering"] }, // prettier-ignore
  { title: "Fysioterapianteckning", kind: VISIT, contacts: ["besok"], professions: ["fysioterapeut"], words: ["Kontaktorsak", "Anamnes", "Status", "Bedömning", "Åtgärd", "Målsättning"] }, // prettier-ignore
];

export function noteTemplateEntries(seed: number): readonly DemoEntry[] {
  const chance = dice(seed, "note templates");
  return ROWS.map((row): DemoEntry => ({
    resource: templateOf(row, newId(0, utcMs(wall(2024, 1, 1)), chance.bytes(10))),
    careUnit: null,
    careProvider: null,
  }));
}

function templateOf({ title, kind, contacts, professions = [], words }: Row, id: string): Questionnaire {
  const use = (code: string, concept: { readonly coding?: Coding[]; readonly text: string }) => ({ code: { system: URL, code }, valueCodeableConcept: concept }); // prettier-ignore
  return {
    resourceType: "Questionnaire",
    id,
    url: `${URL}:${slug(title)}`,
    identifier: [{ system: `${URL}:region`, value: slug(title) }],
    version: "1",
    title,
    status: "active",
    date: "2024-01-01",
    publisher: "Region Västmark",
    subjectType: ["Patient"],
    code: [coding(SYSTEM.noteType, ...kind)],
    useContext: [
      ...contacts.map((one) => use("kontakt", { coding: [{ system: "urn:eira:kontakttyp", code: one, display: CONTACTS[one] }], text: CONTACTS[one] })), // prettier-ignore
      ...professions.map((text) => use("yrke", { text })),
    ],
    item: words.map((text) => ({ linkId: text.toLocaleLowerCase("sv").replaceAll(" ", "-"), text, type: "text", code: [coding("urn:eira:sokord", slug(text), text)] })), // prettier-ignore
  };
}
