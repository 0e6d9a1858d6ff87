/**
 * The diagnoses of the stories: a small hand-made part of ICD-10-SE, each code one that Swedish health care uses daily.
 * Short Swedish texts are our own wording, not the classification's. SPEC DEMO-CODE
 */
import type { CodeableConcept } from "fhir/r4";
import { concept, SYSTEM } from "./systems.ts";

const ICD = {
  "A09.9": "Gastroenterit, ospecificerad",
  "A41.9": "Sepsis, ospecificerad",
  "B34.9": "Virusinfektion, ospecificerad",
  "C50.4": "Bröstcancer i övre yttre kvadranten",
  "D50.9": "Järnbristanemi, ospecificerad",
  "E03.9": "Hypotyreos, ospecificerad",
  "E11.9": "Diabetes mellitus typ 2 utan komplikationer",
  "E11.3": "Diabetes mellitus typ 2 med ögonkomplikationer",
  "E78.5": "Hyperlipidemi, ospecificerad",
  "F00.1": "Demens vid Alzheimers sjukdom med sen debut",
  "F32.1": "Medelsvår depressiv episod",
  "F32.2": "Svår depressiv episod utan psykotiska symtom",
  "F33.1": "Recidiverande depression, medelsvår episod",
  "F41.1": "Generaliserat ångestsyndrom",
  "F43.8": "Annan reaktion på svår stress",
  "G43.9": "Migrän, ospecificerad",
  "H66.9": "Otitis media, ospecificerad",
  "I10.9": "Essentiell hypertoni",
  "I20.9": "Angina pectoris, ospecificerad",
  "I21.4": "Akut hjärtinfarkt utan ST-höjning",
  "I25.2": "Gammal hjärtinfarkt",
  "I48.0": "Paroxysmalt förmaksflimmer",
  "I48.2": "Permanent förmaksflimmer",
  "I50.9": "Hjärtsvikt, ospecificerad",
  "I63.9": "Hjärninfarkt, ospecificerad",
  "J03.9": "Akut tonsillit, ospecificerad",
  "J06.9": "Akut övre luftvägsinfektion, ospecificerad",
  "J18.9": "Pneumoni, ospecificerad",
  "J20.9": "Akut bronkit, ospecificerad",
  "J30.1": "Allergisk rinit orsakad av pollen",
  "J44.1": "Kroniskt obstruktiv lungsjukdom med akut exacerbation",
  "J44.9": "Kroniskt obstruktiv lungsjukdom",
  "J45.9": "Astma, ospecificerad",
  "J21.9": "Akut bronkiolit, ospecificerad",
  "K21.9": "Gastroesofageal refluxsjukdom utan esofagit",
  "K35.8": "Akut appendicit, ospecificerad",
  "K59.0": "Förstoppning",
  "K80.2": "Gallsten utan kolecystit",
  "L20.9": "Atopiskt eksem, ospecificerat",
  "L40.0": "Psoriasis vulgaris",
  "M17.9": "Knäartros, ospecificerad",
  "M54.5": "Lumbago",
  "M81.9": "Osteoporos, ospecificerad",
  "N10.9": "Akut pyelonefrit",
  "N18.3": "Kronisk njursjukdom, stadium 3",
  "N30.0": "Akut cystit",
  "N40.9": "Prostataförstoring",
  "O80.0": "Spontan förlossning i huvudbjudning",
  "R07.4": "Bröstsmärtor, ospecificerade",
  "R10.4": "Buksmärtor, ospecificerade",
  "R53.9": "Sjukdomskänsla och trötthet",
  "R55.9": "Svimning och kollaps",
  "S52.5": "Fraktur på nedre delen av radius",
  "S72.0": "Fraktur på lårbenshalsen",
  "S93.4": "Distorsion i fotled",
  "T78.2": "Anafylaktisk chock, ospecificerad",
  "Z00.1": "Rutinkontroll av barns hälsa",
  "Z09.9": "Kontrollundersökning efter behandling",
  "Z12.3": "Riktad hälsokontroll för bröstcancer",
  "Z34.9": "Kontroll av normal graviditet",
  "Z38.0": "Enkelbörd, född på sjukhus",
  "Z39.2": "Efterkontroll efter förlossning",
  "Z51.1": "Cytostatikabehandling för tumör",
  "Z88.0": "Överkänslighet mot penicillin i anamnesen",
} as const;

export type IcdCode = keyof typeof ICD;

/** The diagnosis as a coded value. */
export function icd(code: IcdCode): CodeableConcept {
  return concept(SYSTEM.icd10se, code, ICD[code]);
}
