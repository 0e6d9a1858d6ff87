/**
 * The two who read no chart: one reviews the access log, one keeps the directory. Their roles rest on need-and-risk analyses,
 * and stand in the CodeSystem that the directory keeps its roles in. Dice of their own: the rest of the region is as it was.
 * SPEC DEMO-STAFF
 */
import type { CodeSystem, FhirResource, Practitioner, PractitionerRole } from "fhir/r4";
import { newId } from "../../base/index.ts";
import { coding, hsaIdentifier, part, ROLE_SYSTEM } from "../codes/systems.ts";
import { dice } from "../dice.ts";
import { utcMs, wall } from "../time.ts";
import type { Unit } from "./directory.ts";
import { commissionHsaId, personHsaId } from "./units.ts";

/** The id that the directory gives its roles; it follows from what they are for. */
const ROLES_ID = "e00000000000004t5k6vd0yk6v";
const SINCE = "2024-03-01";

const KEEPERS = [
  {
    given: "Gunnel",
    family: "Åberg",
    title: "Logggranskare",
    role: "logggranskare",
    purpose: "Kvalitetssäkring",
    name: "Logguppföljning",
    analysis: "BRA-2026-014",
    date: "2026-02-11",
  },
  {
    given: "Roger",
    family: "Ekdahl",
    title: "Behörighetsadministratör",
    role: "behorighetsadministrator",
    purpose: "Administration",
    name: "Behörighetsadministration",
    analysis: "BRA-2026-015",
    date: "2026-02-11",
  },
] as const;

const FIRST_NUMBER = 9001;

/** People, assignments and roles, all at one unit. */
export function buildKeepers(seed: number, unit: Unit): FhirResource[] {
  const chance = dice(seed, "keepers");
  const began = wall(2024, 1, 1);
  const id = (): string => newId(0, utcMs(began), chance.bytes(10));
  return [rolesOf(), ...KEEPERS.flatMap((one, at) => keeper(one, { unit, id, number: FIRST_NUMBER + at }))];
}

function rolesOf(): CodeSystem {
  return {
    resourceType: "CodeSystem",
    id: ROLES_ID,
    url: ROLE_SYSTEM,
    name: "Roller",
    title: "Roller som behörighet ges i",
    status: "active",
    content: "complete",
    caseSensitive: true,
    property: [
      { code: "analysis", type: "string", description: "Behovs- och riskanalys" },
      { code: "analysisDate", type: "dateTime", description: "Analysens dag" },
      { code: "status", type: "code", description: "retired: används inte längre" },
    ],
    concept: KEEPERS.map(({ role, title, analysis, date }) => ({
      code: role,
      display: title,
      property: [
        { code: "analysis", valueString: analysis },
        { code: "analysisDate", valueDateTime: date },
      ],
    })),
  };
}

type Place = { readonly unit: Unit; readonly id: () => string; readonly number: number };

function keeper(one: (typeof KEEPERS)[number], { unit, id, number }: Place): [Practitioner, PractitionerRole] {
  const text = `${one.given} ${one.family}`;
  const person: Practitioner = {
    resourceType: "Practitioner",
    id: id(),
    identifier: [hsaIdentifier(personHsaId(unit.provider, number))],
    active: true,
    name: [{ use: "official", family: one.family, given: [one.given], text }],
    qualification: [{ code: { text: one.title } }],
  };
  const commission = { url: "urn:eira:uppdrag", extension: [part("name", one.name), part("purpose", one.purpose)] };
  const assignment: PractitionerRole = {
    resourceType: "PractitionerRole",
    id: id(),
    extension: [commission],
    identifier: [hsaIdentifier(commissionHsaId(unit.provider, number))],
    active: true,
    period: { start: SINCE },
    practitioner: { reference: `Practitioner/${person.id}`, display: text },
    organization: unit.ref,
    code: [{ coding: [coding(ROLE_SYSTEM, one.role, one.title)], text: one.title }],
    location: [unit.place],
  };
  return [person, assignment];
}
