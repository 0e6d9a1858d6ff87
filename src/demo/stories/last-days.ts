/** The last weeks of a patient who has died: palliative care at home or on a ward. SPEC DEMO-STORY */
import { carePlan, warn } from "../chart/alerts.ts";
import { later, type Chart } from "../chart/chart.ts";
import { contact, diagnose, problem } from "../chart/contact.ts";
import { ordain } from "../chart/medication.ts";
import { write } from "../chart/note.ts";
import { measure, score } from "../chart/vitals.ts";
import { atTime, DAY, HOUR, type Wall } from "../time.ts";

export function death(chart: Chart): void {
  const died = chart.person.death;
  if (died === undefined) return;
  const decision = contact(chart, {
    unit: "almgard",
    profession: "läkare",
    at: atTime(died - 24 * DAY, 10, 30),
    kind: "hembesök",
    reason: "Brytpunktssamtal",
    minutes: 45,
  });
  diagnose(decision, "I50.9");
  problem(decision, "I50.9", { onset: died - 1400 * DAY, severity: "svår" });
  warn(decision, { kind: "Vårdbegränsning", text: "Ska inte återupplivas vid hjärtstopp (0 HLR)" });
  carePlan(decision, {
    title: "Vårdplan palliativ vård",
    kind: "Vårdplan",
    text: "Lindring av symtom är målet. Vill dö hemma på boendet. Närstående är informerade.",
    done: true,
    until: died,
    activities: [
      ["Läkemedel för symtomlindring i hemmet", "completed"],
      ["Daglig tillsyn av sjuksköterska", "completed"],
    ],
  });
  for (const [drug, reason] of [
    ["morfinIv", "mot svår smärta och andnöd"],
    ["paracetamol500", "mot värk"],
  ] as const) {
    ordain(decision, {
      drug,
      units: 1,
      asNeeded: { maxPerDay: 6 },
      reason,
      stopped: { at: died, why: "Patienten har avlidit" },
    });
  }
  write(
    decision,
    { kind: "samordning", title: "Brytpunktssamtal" },
    {
      Närvarande: "Patienten, två barn, ansvarig sjuksköterska.",
      Bedömning: "Terminal hjärtsvikt. Ingen ytterligare livsförlängande behandling är meningsfull.",
      Ställningstagande: "Inte hjärt-lungräddning. Inte återinläggning på sjukhus om inte symtomen kräver det.",
      Planering: "Vård i livets slutskede på boendet.",
    },
  );
  supervision(chart, died);
  const last = contact(chart, {
    unit: "almgard",
    profession: "sjuksköterska",
    at: died - HOUR,
    kind: "hembesök",
    reason: "Dödsfall",
    minutes: 60,
  });
  write(
    later(last, died),
    { kind: "slutanteckning", title: "Dödsfall" },
    {
      Aktuellt: "Avled lugnt i närvaro av sin dotter.",
      Åtgärd: "Läkare kontaktad för konstaterande av dödsfall. Närstående har fått information.",
      Planering: "Efterlevandesamtal om sex veckor.",
    },
  );
}

/** The nurse's visits in the last two weeks. */
function supervision(chart: Chart, died: Wall): void {
  for (const days of [16, 9, 4, 1]) {
    const visit = contact(chart, {
      unit: "almgard",
      profession: "sjuksköterska",
      at: atTime(died - days * DAY, 9, 15),
      kind: "hembesök",
      reason: "Palliativ vård",
      minutes: 30,
    });
    score(visit, "Smärta (NRS 0–10)", days > 5 ? 3 : 2, "survey");
    if (days > 4) measure(visit, { pulse: 88, breaths: 20 });
    write(
      visit,
      { kind: "åtgärd", title: "Tillsyn" },
      {
        Aktuellt:
          days > 5
            ? "Dricker lite. Sover mest. Ingen smärta i vila."
            : "Väckbar korta stunder. Lugn andning. Närstående vakar.",
        Åtgärd: "Munvård och vändning. Läkemedel vid behov enligt ordination.",
        Planering: "Tillsyn i morgon.",
      },
    );
  }
}
