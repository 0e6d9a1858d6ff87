/**
 * Blood as it is ordered in the demonstration: O RhD-negative at once, and group and crossmatch, with a set of the units where somebody may
 * bleed. What is ordered when somebody comes whom nobody knows says so by an extension. For showing the software, not for care.
 * SPEC DEMO-BLOOD
 */
import type { ActivityDefinition, PlanDefinition } from "fhir/r4";
import { newId } from "../../base/index.ts";
import type { DemoEntry } from "../chart/chart.ts";
import { concept, hl7, local, LOCAL, slug, SYSTEM } from "../codes/systems.ts";
import { dice } from "../dice.ts";
import type { Directory } from "../directory/directory.ts";
import { utcMs, wall } from "../time.ts";

const URL = "urn:eira:bestallning";
const DATE = "2024-01-01";
const SET = "Akutblod";
/** What is ordered; each in the words that the order has. */
export const BLOOD_ITEMS = ["Nödblod O RhD-negativt, 2 enheter", "Blodgruppering och BAS-test"] as const;

export function bloodEntries(seed: number, directory: Directory): readonly DemoEntry[] {
  const chance = dice(seed, "blood");
  const id = (): string => newId(0, utcMs(wall(2024, 1, 1)), chance.bytes(10));
  const lab = directory.unit("lab");
  const items = BLOOD_ITEMS.map((title): DemoEntry => {
    const resource: ActivityDefinition = {
      resourceType: "ActivityDefinition",
      id: id(),
      extension: [
        { url: `${URL}:mottagare`, valueReference: lab.ref },
        { url: `${URL}:akut`, valueCode: "blod" },
      ],
      url: urlOf(title),
      version: "1",
      title,
      status: "active",
      date: DATE,
      publisher: lab.name,
      topic: [concept(SYSTEM.snomed, "108252007", "Laboratorieundersökning")],
      kind: "ServiceRequest",
      intent: "order",
      code: local(LOCAL.analysis, title),
    };
    return { resource, careUnit: null, careProvider: null };
  });
  const sets = (["akut", "kk"] as const).map((key): DemoEntry => {
    const unit = directory.unit(key);
    const resource: PlanDefinition = {
      resourceType: "PlanDefinition",
      id: id(),
      identifier: [{ system: `${URL}:enhet`, value: unit.hsaId }],
      version: "1",
      title: SET,
      type: hl7("plan-definition-type", "order-set"),
      status: "active",
      date: DATE,
      publisher: unit.name,
      action: BLOOD_ITEMS.map((title) => ({ title, priority: "stat", definitionCanonical: urlOf(title) })),
    };
    return { resource, careUnit: unit.hsaId, careProvider: unit.providerHsaId };
  });
  return [...items, ...sets];
}

function urlOf(title: string): string {
  return `${URL}:katalog:${slug(title)}`;
}
