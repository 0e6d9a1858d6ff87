/**
 * What can be ordered in the region, and sets that some units keep, as FHIR: each analysis, panel, examination and consultation is an
 * ActivityDefinition that says who takes it and what they must be told; a set is a PlanDefinition of the unit that owns it.
 *
 * SPEC DEMO-CATALOGUE · the extensions are those of clinical/orders (SPEC CLIN-ORDER-CATALOGUE)
 */
import type { ActivityDefinition, CodeableConcept, Extension, PlanDefinition } from "fhir/r4";
import { newId } from "../../base/index.ts";
import type { DemoEntry } from "../chart/chart.ts";
import { ANALYSES, type Analysis } from "../codes/analyses.ts";
import { PANELS } from "../codes/panels.ts";
import { concept, hl7, local, LOCAL, slug, SYSTEM } from "../codes/systems.ts";
import { dice } from "../dice.ts";
import type { Directory, Unit } from "../directory/directory.ts";
import type { UnitKey } from "../directory/units.ts";
import { utcMs, wall } from "../time.ts";
import { CONSULTATIONS, EXAMINATIONS, UNIT_SETS } from "./wordings.ts";

const URL = "urn:eira:bestallning";
const DATE = "2024-01-01";

type Category = "laboratory" | "imaging" | "consultation";
const CATEGORY: Readonly<Record<Category, CodeableConcept>> = {
  laboratory: concept(SYSTEM.snomed, "108252007", "Laboratorieundersökning"),
  imaging: concept(SYSTEM.snomed, "363679005", "Bilddiagnostik"),
  consultation: concept(SYSTEM.snomed, "3457005", "Remiss"),
};

type Wanted = {
  readonly title: string;
  readonly category: Category;
  readonly code: CodeableConcept;
  readonly to: readonly Unit[];
  readonly parts?: readonly Analysis[];
  readonly questions?: readonly string[];
  readonly needs?: readonly ("question" | "history" | "contact")[];
};

/** The region's catalogue, which belongs to nobody's record, and then the sets of its units. */
export function catalogueEntries(seed: number, directory: Directory): readonly DemoEntry[] {
  const chance = dice(seed, "catalogue");
  const id = (): string => newId(0, utcMs(wall(2024, 1, 1)), chance.bytes(10));
  const items = wantedIn(directory).map((one): DemoEntry => ({ resource: definitionOf(one, id()), careUnit: null, careProvider: null })); // prettier-ignore
  const sets = UNIT_SETS.map((set): DemoEntry => {
    const unit = directory.unit(set.unit);
    return { resource: setOf(set, unit, id()), careUnit: unit.hsaId, careProvider: unit.providerHsaId };
  });
  return [...items, ...sets];
}

function wantedIn(directory: Directory): readonly Wanted[] {
  const lab = [directory.unit("lab")];
  const conceptOf = ({ system, code, name }: Analysis): CodeableConcept => concept(system, code, name);
  const analyses = Object.values(ANALYSES).map((one: Analysis): Wanted => ({ title: one.name, category: "laboratory", code: conceptOf(one), to: lab })); // prettier-ignore
  const panels = Object.entries(PANELS).map(([title, keys]): Wanted => ({
    title,
    category: "laboratory",
    code: local(LOCAL.analysis, title),
    to: lab,
    parts: keys.map((key) => ANALYSES[key]),
  }));
  const examinations = EXAMINATIONS.map(([title, questions]): Wanted => ({
    title,
    category: "imaging",
    code: local(LOCAL.analysis, title),
    to: [directory.unit("rtg")],
    questions,
    needs: ["question"],
  }));
  const consultations = CONSULTATIONS.map(([title, keys, questions]): Wanted => ({
    title,
    category: "consultation",
    code: local(LOCAL.referral, title),
    to: keys.map((key: UnitKey) => directory.unit(key)),
    questions,
    needs: ["question", "history"],
  }));
  return [...panels, ...analyses, ...examinations, ...consultations];
}

function definitionOf(
  { title, category, code, to, parts = [], questions = [], needs = [] }: Wanted,
  id: string,
): ActivityDefinition {
  // prettier-ignore
  const extension: Extension[] = [
    ...to.map(({ ref }) => ({ url: `${URL}:mottagare`, valueReference: ref })),
    ...parts.map((one) => ({ url: `${URL}:ingar`, valueCodeableConcept: concept(one.system, one.code, one.name) })),
    ...questions.map((valueString) => ({ url: `${URL}:fragestallning`, valueString })),
    ...needs.map((valueCode) => ({ url: `${URL}:kraver`, valueCode })),
  ];
  return {
    resourceType: "ActivityDefinition",
    id,
    extension,
    url: urlOf(title),
    version: "1",
    title,
    status: "active",
    date: DATE,
    publisher: to.map(({ name }) => name).join(", "),
    topic: [CATEGORY[category]],
    kind: "ServiceRequest",
    intent: "order",
    code,
  };
}

function urlOf(title: string): string {
  return `${URL}:katalog:${slug(title)}`;
}

function setOf({ title, actions }: (typeof UNIT_SETS)[number], unit: Unit, id: string): PlanDefinition {
  return {
    resourceType: "PlanDefinition",
    id,
    identifier: [{ system: `${URL}:enhet`, value: unit.hsaId }],
    version: "1",
    title,
    type: hl7("plan-definition-type", "order-set"),
    status: "active",
    date: DATE,
    publisher: unit.name,
    action: actions.map(({ item, priority, question }) => ({
      title: item,
      ...(priority === undefined ? {} : { priority }),
      ...(question === undefined ? {} : { reason: [{ text: question }] }),
      definitionCanonical: urlOf(item),
    })),
  };
}
