/**
 * NEWS2 as the Royal College of Physicians published it, with its thresholds and clinical responses. The times within which somebody must
 * have taken it over are the house's own, and a region's to change.
 *
 * SPEC CLIN-OBS-KNOW · https://www.rcp.ac.uk/improving-care/resources/national-early-warning-score-news-2/
 */
import type { Bands, Band, ScoreSet } from "./model.ts";

const bands = (...given: readonly (readonly [upTo: number | null, points: number])[]): readonly Band[] => given.map(([upTo, points]) => ({ upTo, points })); // prettier-ignore
const alike = (given: readonly Band[]): Bands => ({ air: given, oxygen: given });
const [CHART1, CHART2, CHART4, OWN] = ["rcp-chart-1", "rcp-chart-2", "rcp-chart-4", "eira"];

export const NEWS2: ScoreSet = {
  format: "eira-score-1",
  id: "news2",
  name: "NEWS2",
  version: "2017",
  owner: "Royal College of Physicians",
  date: "2017-12",
  acknowledgement: {
    sv: "NEWS2: Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017.",
    en: "NEWS2: Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017.",
  },
  sources: {
    [CHART1]: "RCP 2017, NEWS2, chart 1: the NEWS scoring system",
    [CHART2]: "RCP 2017, NEWS2, chart 2: NEWS thresholds and triggers",
    [CHART4]: "RCP 2017, NEWS2, chart 4: clinical response to the NEWS trigger thresholds",
    [OWN]: "Eiras egen tid tills en region har beslutat sin: RCP anger ordningen (omedelbart), inte minuterna",
  },
  fromAge: 16,
  inPregnancy: false,
  scored: [
    { value: "breaths", kind: "bands", bands: bands([8, 3], [11, 1], [20, 0], [24, 2], [null, 3]), source: CHART1 },
    {
      value: "saturation",
      kind: "scales",
      scales: {
        "1": alike(bands([91, 3], [93, 2], [95, 1], [null, 0])),
        "2": {
          air: bands([83, 3], [85, 2], [87, 1], [null, 0]),
          oxygen: bands([83, 3], [85, 2], [87, 1], [92, 0], [94, 1], [96, 2], [null, 3]),
        },
      },
      source: CHART1,
    },
    { value: "oxygen", kind: "bands", bands: bands([0, 0], [null, 2]), source: CHART1 },
    {
      value: "systolic",
      kind: "bands",
      bands: bands([90, 3], [100, 2], [110, 1], [219, 0], [null, 3]),
      source: CHART1,
    },
    { value: "pulse", kind: "bands", bands: bands([40, 3], [50, 1], [90, 0], [110, 1], [130, 2], [null, 3]), source: CHART1 }, // prettier-ignore
    { value: "consciousness", kind: "choices", choices: { A: 0, C: 3, V: 3, P: 3, U: 3 }, source: CHART1 },
    {
      value: "temperature",
      kind: "bands",
      bands: bands([35, 3], [36, 1], [38, 0], [39, 1], [null, 2]),
      source: CHART1,
    },
  ],
  responses: [
    {
      id: "high",
      from: 7,
      single: null,
      risk: { sv: "hög risk", en: "high risk" },
      again: { sv: "Övervaka kontinuerligt.", en: "Monitor continuously." },
      asks: {
        sv: "Kontakta genast ansvarig läkare, minst på ST-nivå. Akut bedömning av team med intensivvårdskompetens.",
        en: "Inform the medical team at once, at least at specialist registrar level. Emergency assessment by a team with critical care competencies.",
      },
      source: `${CHART2}, ${CHART4}`,
      loop: { priority: "stat", minutes: 15, source: OWN },
    },
    {
      id: "medium",
      from: 5,
      single: null,
      risk: { sv: "medelhög risk", en: "medium risk" },
      again: { sv: "Mät igen inom en timme.", en: "Measure again within an hour." },
      asks: {
        sv: "Kontakta genast ansvarig läkare. Brådskande bedömning av läkare eller team med kompetens för akut sjuka.",
        en: "Inform the medical team at once. Urgent assessment by a clinician or team competent in the care of the acutely ill.",
      },
      source: `${CHART2}, ${CHART4}`,
      loop: { priority: "urgent", minutes: 60, source: OWN },
    },
    {
      id: "single",
      from: null,
      single: 3,
      risk: { sv: "3 poäng för ett enskilt värde", en: "3 points for a single value" },
      again: { sv: "Mät igen inom en timme.", en: "Measure again within an hour." },
      asks: {
        sv: "Informera ansvarig läkare, som bedömer och avgör om vården ska trappas upp.",
        en: "Inform the medical team, who review and decide whether to escalate care.",
      },
      source: `${CHART2}, ${CHART4}`,
      loop: { priority: "urgent", minutes: 60, source: OWN },
    },
    {
      id: "low",
      from: 1,
      single: null,
      risk: { sv: "låg risk", en: "low risk" },
      again: { sv: "Mät igen inom 4–6 timmar.", en: "Measure again within 4–6 hours." },
      asks: {
        sv: "Ansvarig sjuksköterska bedömer och avgör om det behövs tätare kontroller eller mer vård.",
        en: "The registered nurse assesses and decides whether to monitor more often or escalate.",
      },
      source: `${CHART2}, ${CHART4}`,
      loop: null,
    },
    {
      id: "none",
      from: 0,
      single: null,
      risk: { sv: "låg risk", en: "low risk" },
      again: { sv: "Mät igen inom 12 timmar.", en: "Measure again within 12 hours." },
      asks: { sv: "Fortsatta rutinkontroller.", en: "Continue routine monitoring." },
      source: `${CHART2}, ${CHART4}`,
      loop: null,
    },
  ],
};
