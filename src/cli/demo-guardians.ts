/**
 * Guardians of the demonstration's children, as the population register would tell: from the relatives that are said to have custody.
 *
 * SPEC CLI-DEMO-4
 */
import { ageInYears, parseLocalDate } from "../base/index.ts";
import type { DemoEntry } from "../demo/index.ts";
import { registerGuardian, type Visit } from "../journal/index.ts";

/** Mother and father, in the relatives of children. */
const CUSTODY: ReadonlySet<string> = new Set(["MTH", "FTH"]);
const OF_AGE = 18;

/** Registers the guardians of everybody under age; the same again changes nothing. Answers how many there are. */
export async function registerGuardians(visit: Visit, entries: Iterable<DemoEntry>, day: string): Promise<number> {
  const born = new Map<string, string>();
  let count = 0;
  for (const { resource } of entries) {
    if (resource.resourceType === "Patient" && resource.birthDate !== undefined)
      born.set(`Patient/${resource.id}`, resource.birthDate);
    if (resource.resourceType !== "RelatedPerson") continue;
    const child = resource.patient.reference ?? "";
    const birthDate = born.get(child);
    const hasCustody = resource.relationship?.some(({ coding }) => coding?.some(({ code }) => CUSTODY.has(code ?? "")));
    const [number] = resource.identifier ?? []; // the demonstration gives each relative one number
    if (birthDate === undefined || hasCustody !== true || number?.value === undefined || !isUnderAge(birthDate, day))
      continue;
    const since = `${birthDate}T00:00:00Z`;
    const id = `guardian-${resource.id}`;
    await registerGuardian(visit, { id, patient: child.slice("Patient/".length), number: `${number.system}|${number.value}`, since }); // prettier-ignore
    count += 1;
  }
  return count;
}

function isUnderAge(birthDate: string, day: string): boolean {
  const [born, now] = [parseLocalDate(birthDate), parseLocalDate(day)];
  const age = born === undefined || now === undefined ? undefined : ageInYears(born, now);
  return age !== undefined && age < OF_AGE;
}
