/** What people of the staff are called on lists, by their HSA-ids; whoever has a protected identity is not named. SPEC CLIN-LOOP-2 */
import type { Practitioner } from "fhir/r4";
import { HSA_SYSTEM } from "../../base/index.ts";
import { disclosedTogether, type Disclosed, type Visit } from "../../journal/index.ts";
import { isProtected } from "../directory/here.ts";
import { readAll } from "../directory/read-all.ts";
import { PROTECTED_NAME } from "../directory/words.ts";

export type NamedPerson = { readonly id: string; readonly name: string; readonly title: string };

/** Ids in one question. */
const AT_ONCE = 200;

/** Those of the people whom the directory knows, by HSA-id. */
export async function namePeople(
  visit: Visit,
  people: readonly string[],
): Promise<Disclosed<ReadonlyMap<string, NamedPerson>>> {
  const wanted = [...new Set(people)].filter((one) => /^[A-Za-z0-9-]{1,64}$/.test(one));
  const parts = Array.from({ length: Math.ceil(wanted.length / AT_ONCE) }, (_, at) =>
    wanted.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  );
  const found = await Promise.all(
    parts.map((part) =>
      readAll(visit, "Practitioner", [["identifier", part.map((id) => `${HSA_SYSTEM}|${id}`).join(",")]]),
    ),
  );
  return disclosedTogether(found, (pages) => {
    const named = pages.flat().flatMap((text) => namedOf(JSON.parse(text) as Practitioner));
    return new Map(named.map((one) => [one.id, one]));
  });
}

function namedOf(person: Practitioner): NamedPerson[] {
  const id = person.identifier?.find(({ system }) => system === HSA_SYSTEM)?.value;
  if (id === undefined) return [];
  // The official name is the first one in the directory's own data.
  const name = isProtected(person) ? PROTECTED_NAME : (person.name?.[0]?.text ?? id);
  return [{ id, name, title: person.qualification?.[0]?.code.text ?? "" }];
}
