/**
 * Examinations, consultations and sets of the demonstration, with questions that its records ask too. For showing the software, not for
 * care. SPEC DEMO-CATALOGUE-2
 */
import type { UnitKey } from "../directory/units.ts";

/** Title, and questions to begin with. */
export const EXAMINATIONS: readonly (readonly [title: string, questions: readonly string[]])[] = [
  ["Slätröntgen lungor", ["Pneumoni?", "Stas? Infiltrat?", "Stas? Vidgat mediastinum?"]],
  ["Slätröntgen höger handled", ["Fraktur?", "Läge efter reposition?"]],
  ["Slätröntgen vänster handled", ["Fraktur?", "Läge efter reposition?"]],
  ["Slätröntgen höger fotled", ["Fraktur?"]],
  ["Slätröntgen vänster fotled", ["Fraktur?"]],
  ["Slätröntgen höger knä", ["Artros?", "Fraktur?"]],
  ["Slätröntgen vänster knä", ["Artros?", "Fraktur?"]],
  ["Slätröntgen höft och bäcken", ["Fraktur?"]],
  ["DT hjärna", ["Blödning?", "Infarkter? Hydrocefalus? Tumör?"]],
  ["DT hjärna och halsrygg", ["Blödning? Fraktur?"]],
];

/** Title, who takes it, and questions to begin with. */
export const CONSULTATIONS: readonly (readonly [
  title: string,
  to: readonly UnitKey[],
  questions: readonly string[],
])[] = [
  ["Bedömning ortopedi", ["ort"], ["Indikation för operation?"]],
  ["Bedömning medicin", ["med"], []],
  ["Bedömning kirurgi", ["kir"], []],
  ["Bedömning geriatrik", ["ger"], []],
  ["Bedömning infektion", ["inf"], []],
  ["Bedömning psykiatri", ["psy"], []],
  ["Bedömning ögon", ["ogon"], []],
  ["Bedömning fysioterapi", ["sjukgym", "rehab"], []],
  ["Uppföljning vårdcentral", ["vcNorr", "vcHamn", "vcBerg", "vcLill", "ekVc"], []],
];

type SetAction = { readonly item: string; readonly priority?: "urgent" | "stat"; readonly question?: string };
export const UNIT_SETS: readonly {
  readonly unit: UnitKey;
  readonly title: string;
  readonly actions: readonly SetAction[];
}[] = [
  { unit: "akut", title: "Akut-lab", actions: [{ item: "Akuta prover", priority: "urgent" }] },
  {
    unit: "akut",
    title: "Akut-lab och laktat",
    actions: [
      { item: "Akuta prover", priority: "urgent" },
      { item: "P-Laktat", priority: "urgent" },
    ],
  },
  {
    unit: "akut",
    title: "Lungröntgen: pneumoni",
    actions: [{ item: "Slätröntgen lungor", priority: "urgent", question: "Pneumoni?" }],
  },
  { unit: "med", title: "Inskrivning", actions: [{ item: "Avdelningsprover" }, { item: "P-NT-proBNP" }] },
  { unit: "vcNorr", title: "Årskontroll diabetes", actions: [{ item: "Årskontroll diabetes" }] },
];
