/**
 * Whom somebody may read for: themself, children and those who have made them a proxy, as far as the rules open something now. One
 * whom nothing opens is not named.
 *
 * SPEC JRN-DOOR-PEOPLE
 */
import { parseJson, type JsonObject } from "../../fhir/index.ts";
import type { JournalOptions, Visit } from "../context.ts";
import { disclosedTogether, type Disclosed } from "../disclosed.ts";
import { readResource } from "../read.ts";
import { actorAtDoor, nameIn, type AtDoor } from "./facts.ts";
import { proxyWrites } from "./proxies.ts";

export type OpenPerson = {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string | null;
  readonly as: "patient" | "guardian" | "proxy";
  /** Only what some units have let be read. */
  readonly isPart: boolean;
  /** Whether they also write to care for the patient. */
  readonly mayWrite: boolean;
};

/** The people whose records somebody may see now, the own first. */
export async function peopleAtDoor(
  options: JournalOptions & Pick<Visit, "request">,
  who: AtDoor,
): Promise<Disclosed<readonly OpenPerson[]>> {
  const represented = await options.store.read("*", (look) => look.door.representedBy(who.number));
  const ids = [who.id, ...new Set(represented.map(({ patient }) => patient).filter((id) => id !== who.id))];
  const found: Disclosed<OpenPerson>[] = [];
  for (const id of ids) {
    const actor = await actorAtDoor(options, who, id);
    if ("refusal" in actor.door) continue;
    const { units } = actor.door.reach;
    const read = await readResource({ ...options, actor }, "Patient", id);
    const { kind } = actor.reader;
    const asked = { patient: id, person: who.number, now: options.clock().toISOString() };
    const mayWrite = kind !== "proxy" || proxyWrites(represented, asked);
    found.push(
      disclosedTogether([read] as const, ([{ content }]) =>
        openPerson(content, { id, as: kind, isPart: units !== null, mayWrite }),
      ),
    );
  }
  return disclosedTogether(found, (people) => [...people]);
}

function openPerson(content: string, known: Pick<OpenPerson, "id" | "as" | "isPart" | "mayWrite">): OpenPerson {
  const patient = parseJson(content) as JsonObject;
  const { birthDate } = patient;
  return { ...known, name: nameIn(patient), birthDate: typeof birthDate === "string" ? birthDate : null };
}
