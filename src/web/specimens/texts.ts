/** The Swedish words of drawing specimens; they are fetched with its screens. SPEC WEB-SPECIMEN */
import type { Deed } from "../wire/specimens.ts";

const states: Readonly<Record<string, string>> = {
  labelled: "Etikett gjord, inte taget",
  collected: "Taget, inte skickat",
  sent: "Skickat, inte mottaget",
  received: "Mottaget av laboratoriet",
  lost: "Förlorat",
  unusable: "Kan inte användas",
  mistaken: "Felregistrerat",
};
const steps: Readonly<Record<string, string>> = {
  ordered: "Beställt",
  collected: "Taget",
  sent: "Skickat",
  received: "Mottaget av laboratoriet",
  analysed: "Analyseras",
  answered: "Besvarat",
  discarded: "Kasserat",
  lost: "Förlorat",
  unusable: "Kan inte användas",
};
const deeds: Readonly<Record<Deed, string>> = {
  sent: "Skickat till laboratoriet",
  received: "Mottaget av laboratoriet",
  lost: "Förlorat",
  unusable: "Kan inte användas",
  discarded: "Kasserat",
};
const reasons: Readonly<Record<string, string>> = {
  refused: "Patienten avböjde",
  absent: "Patienten var inte på plats",
  difficult: "Gick inte att ta (svårstucken)",
  unprepared: "Patienten var inte förberedd",
  identity: "Identiteten kunde inte säkerställas",
  other: "Annat skäl (skriv vilket)",
};
const faults: Readonly<Record<string, string>> = {
  unreachable: "skrivaren går inte att nå",
  timeout: "skrivaren svarar inte",
  "out-of-paper": "etiketterna är slut",
  "out-of-ribbon": "färgbandet är slut",
  "head-open": "skrivaren står öppen",
  paused: "skrivaren är pausad",
};

export const sv = {
  title: "Provtagning",
  means: "Enhetens beställda prover som inte är tagna. Det som är försenat står först.",
  none: "Enheten har inga prover att ta.",
  more: "Listan är längre än vad som kan visas.",
  command: "Provtagning",
  columns: { who: "Patient", place: "Plats", what: "Prover", tubes: "Rör", due: "Ska tas" },
  placeMissing: "Plats saknas i journalen",
  hidden: "Patient som du inte har åtkomst till",
  late: "Försenat",
  urgent: "Akut",
  again: "Ska tas om",
  open: "Ta prover",
  scan: "Skanna armband eller rör",
  scanMeans: "Armbandet öppnar patientens provtagning, rörets nummer visar var provet är.",
  notFound: "Ingen på listan har det numret.",
  where: "Var står du?",
  whereMeans: "Etiketterna kommer ut ur skrivaren på den platsen.",
  noWhere: "Välj plats",
  noPlaces: "Enheten har inga etikettskrivare. Etiketterna skrivs ut av webbläsaren.",
  printerOf: (printer: string): string => `Skrivare: ${printer}`,
  noPrinter: "Platsen har ingen skrivare. Etiketterna skrivs ut av webbläsaren.",
  chooseWhere: "Välj var du står innan du skriver ut.",
  print: "Skriv ut etiketter",
  printAgain: "Skriv ut igen",
  printHere: "Skriv ut med webbläsaren",
  handedOver: (count: number, printer: string): string =>
    `${count === 1 ? "1 etikett" : `${count} etiketter`} skickade till ${printer}. Kontrollera att de kom ut.`,
  printFailed: (why: string): string =>
    `Ingenting skrevs ut: ${why}. Utskriften ligger i enhetens inkorg tills etiketterna har kommit ut. Välj en annan plats eller skriv ut med webbläsaren.`,
  printUnknown: "Det är inte känt om etiketterna kom ut. Titta i skrivaren innan du skriver ut igen.",
  faults,
  wasPrinted: (printer: string, when: string): string => `Skickad till ${printer} ${when}`,
  byBrowser: "webbläsaren",
  steps: ["Rör och etiketter", "Identitet", "Skanna rören"],
  band: "Skanna armbandet, eller skriv de fyra sista siffrorna",
  bandMeans: "Fråga också efter namn och personnummer.",
  bandRight: "Identiteten stämmer.",
  bandWrong: "Stämmer inte med patienten. Kontrollera armbandet.",
  tube: "Skanna rörets etikett när det är fyllt",
  tubeMeans: "Enter eller skannern markerar röret som taget.",
  tubeWrong: "Etiketten hör inte till den här provtagningen.",
  done: (number: string): string => `${number}: taget.`,
  allDone: "Alla rör är tagna.",
  nothing: "Det finns inga prover att ta av patienten för enhetens räkning.",
  noNumber: "Etikett saknas",
  cap: (colour: string): string => `${colour} propp`,
  instead: (number: string): string => `Ersätter ${number}, som inte kunde användas eller har förlorats.`,
  within: (minutes: number): string => (minutes % 60 === 0 ? `Hos laboratoriet inom ${minutes / 60} h` : `Hos laboratoriet inom ${minutes} min`), // prettier-ignore
  drawn: "Tagna prover",
  notDrawn: "Kunde inte tas",
  notDrawnMeans: "Den som har beställt får en uppgift, och provet står kvar på listan.",
  reason: "Skäl",
  note: "Kommentar",
  send: "Spara",
  cancel: "Avbryt",
  saved: "Sparat. Den som har beställt får en uppgift.",
  attempted: (when: string, why: string): string => `Försökt ${when}: ${why}`,
  reasons,
  states,
  back: "Till listan",
  chart: "Öppna journalen",
  trackTitle: (number: string): string => `Prov ${number}`,
  trackSteps: "Provets väg",
  next: "Vad har hänt?",
  stepWords: steps,
  deeds,
  why: "Varför?",
  sayWhy: "Skriv varför.",
  by: "Hos laboratoriet senast",
  missing: "Har inte kommit fram i tid. Ärendet ligger i inkorgen.",
  answersFor: (who: string): string => `Den som svarar för det nu: ${who}`,
  unknownTime: "tid saknas",
  labelName: "Skyddade personuppgifter",
} as const;

type Words<T> = {
  readonly [K in keyof T]: T[K] extends (...given: infer A) => string
    ? (...given: A) => string
    : T[K] extends string
      ? string
      : T[K] extends readonly string[]
        ? readonly string[]
        : Words<T[K]>;
};
export type SpecimenTexts = Words<typeof sv>;
