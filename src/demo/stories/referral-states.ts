/** Referrals in each of the national states, so that "sent and waiting" has something of every kind. SPEC DEMO-REF */
import { contact, diagnose } from "../chart/contact.ts";
import { isWoman, type Chart, type Given } from "../chart/chart.ts";
import { write } from "../chart/note.ts";
import { refer, STATES, type ReferralPlan } from "../chart/referral.ts";
import type { IcdCode } from "../codes/icd.ts";
import { daysAgo } from "./visits.ts";

interface Case {
  readonly code: IcdCode;
  readonly plan: Omit<ReferralPlan, "state">;
  readonly history: string;
}

const CASES: readonly Case[] = [
  {
    code: "K80.2",
    history: "Upprepade anfall av smärta under höger revbensbåge efter fet mat. Ingen gulsot, ingen feber.",
    plan: {
      to: "kir",
      title: "Bedömning av gallstensbesvär",
      question: "Indikation för operation?",
      background: "Tre anfall på sex månader. Ultraljud visar flera stenar i gallblåsan, gallgången inte vidgad.",
      answer: "Indikation för laparoskopisk kolecystektomi. Uppsatt på väntelista.",
    },
  },
  {
    code: "M17.9",
    history: "Artros i höger knä, går 300 meter. Har fullföljt artrosskola utan tillräcklig effekt.",
    plan: {
      to: "ort",
      title: "Bedömning av knäartros",
      question: "Ställningstagande till knäprotes.",
      background: "Röntgen visar uttalad artros medialt på höger sida. Artrosskola genomförd, naproxen hjälper inte.",
      answer: "Uttalad artros i höger knä. Erbjuds operation med total knäprotes, önskar betänketid.",
      asked: "Röntgenbilder med belastning saknas, kompletteras före bedömning",
    },
  },
  {
    code: "R10.4",
    history: "Ändrade avföringsvanor i två månader, ingen synlig blödning. Järnbrist utan förklaring.",
    plan: {
      to: "kir",
      title: "Koloskopi",
      question: "Tumör? Välgrundad misstanke utreds skyndsamt.",
      background: "Hb har sjunkit 20 g/L på ett år, ferritin 8. F-Hb positivt i två av tre prov.",
      urgent: true,
      answer: "Koloskopi till blindtarmen. En polyp 6 mm i sigmoideum borttagen. Ingen tumör.",
      asked: "Uppgift om antikoagulantia saknas",
    },
  },
  {
    code: "R55.9",
    history: "Två svimningar på tre månader, ena gången vid diskbänken. Inget tungbett.",
    plan: {
      to: "med",
      title: "Utredning av svimning",
      question: "Arytmi? Långtids-EKG.",
      background: "EKG sinusrytm med skänkelblock. Ortostatiskt prov utan anmärkning.",
      answer: "Långtids-EKG utan pauser eller arytmi. Ingen ytterligare utredning.",
    },
  },
  {
    code: "L20.9",
    history: "Eksem på händer som inte läker trots starka steroider.",
    plan: {
      to: "ekSpec",
      title: "Bedömning av handeksem",
      question: "Epikutantest?",
      background: "Arbetar i kök. Betametason kräm i åtta veckor med tillfällig effekt.",
      answer: "Epikutantest positivt för nickel. Råd om handskar och mjukgörande.",
      asked: "Foto av händerna efterfrågas",
    },
  },
  {
    code: "F41.1",
    history: "Långvarig oro och spänning, undviker att åka buss. Otillräcklig effekt av samtal på vårdcentralen.",
    plan: {
      to: "psy",
      title: "Bedömning av ångestsyndrom",
      question: "Specialiserad behandling?",
      background: "Sertralin 100 mg sedan sex månader. Kognitiv beteendeterapi tolv gånger.",
      answer: "Bedöms kunna behandlas vidare i primärvård. Förslag på läkemedelsbyte lämnas.",
    },
  },
  {
    code: "N40.9",
    history: "Svag stråle och nattliga trängningar tre gånger per natt.",
    plan: {
      to: "kir",
      title: "Urologisk bedömning",
      question: "Ställningstagande till ytterligare behandling.",
      background: "Tamsulosin i sex månader med måttlig effekt. PSA normalt för åldern. Residualurin 120 ml.",
      answer: "Cystoskopi utan anmärkning. Fortsatt läkemedelsbehandling.",
    },
  },
];

/** `given.state` is the number of the state, 1 to 7. */
export function referrals(chart: Chart, given: Given): void {
  const { dice } = chart;
  const state = STATES[Number(given["state"] ?? dice.between(1, 7)) - 1]!;
  const cases = isWoman(chart) ? CASES.filter((one) => one.code !== "N40.9") : CASES;
  const one = dice.pick(cases);
  const late =
    state === "skickad" || state === "mottagen"
      ? dice.between(1, 12)
      : state === "svar mottaget"
        ? dice.between(30, 120)
        : dice.between(8, 40);
  const where = contact(chart, {
    unit: chart.person.centre,
    profession: "läkare",
    at: daysAgo(chart, late),
    reason: one.plan.title,
  });
  diagnose(where, one.code);
  write(
    where,
    { kind: "besök" },
    {
      Kontaktorsak: `${one.plan.title}.`,
      Anamnes: one.history,
      Status: "Gott allmäntillstånd. Se remiss för riktat status.",
      Åtgärd: `Remiss till ${chart.directory.unit(one.plan.to).name}.`,
      Planering: "Patienten är informerad om remissen och om väntetiden. Svar bevakas.",
    },
  );
  refer(where, {
    ...one.plan,
    state,
    pace: dice.between(2, 9),
    ...(state === "vidareskickad" ? { forwardedTo: one.plan.to === "med" ? "ekSpec" : "med" } : {}),
    ...(state === "komplettering begärd"
      ? { asked: one.plan.asked ?? "Aktuella provsvar och läkemedelslista saknas" }
      : {}),
  });
}
