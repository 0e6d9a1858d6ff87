/**
 * What the rules ask about the people of an access: names, addresses and numbers from the record and the directory, and the
 * patient's encounters at the reader's unit. Asked for many accesses at once; nothing of it leaves but which rules apply.
 *
 * SPEC JRN-LOG-RISK
 */
import { HSA_SYSTEM } from "../../base/index.ts";
import type { ReadTx, UnitVisit } from "../../store/index.ts";
import { nameAndTitle } from "./audit-event.ts";
import type { Access, RiskConfig, RiskFacts, Traits } from "./risk-rules.ts";

type Person = {
  readonly name?: readonly { readonly family?: string }[];
  readonly address?: readonly {
    readonly line?: readonly string[];
    readonly postalCode?: string;
    readonly city?: string;
  }[];
  readonly identifier?: readonly { readonly system?: string; readonly value?: string }[];
};

/** Everybody in the directory, as the rules compare them. */
export type Directory = {
  readonly byHsaId: ReadonlyMap<string, Traits>;
  readonly numbers: ReadonlySet<string>;
};

const PAGE = 1000;
const DAY_MS = 86_400_000;

/** Reads the whole directory of people. */
export async function readDirectory(look: ReadTx): Promise<Directory> {
  const byHsaId = new Map<string, Traits>();
  const numbers = new Set<string>();
  for (let after = ""; ;) {
    const page = await look.reviews.practitionersAfter(after, PAGE);
    for (const { content } of page) {
      const person = JSON.parse(content) as Person;
      const traits = traitsOf(person);
      for (const { system, value } of person.identifier ?? [])
        if (system === HSA_SYSTEM && value !== undefined) byHsaId.set(value, traits);
      for (const number of traits.numbers) numbers.add(number);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return { byHsaId, numbers };
    after = last.id;
  }
}

/** The facts of accesses, in their order. `known` are patients' ids and identity numbers. */
export async function factsOf(
  look: ReadTx,
  accesses: readonly Access[],
  {
    directory,
    known,
    config,
  }: { readonly directory: Directory; readonly known: ReadonlySet<string>; readonly config: RiskConfig },
): Promise<RiskFacts[]> {
  const ids = [...new Set(accesses.map(({ patient }) => patient))];
  const rows = await look.readMany("Patient", ids);
  const patients = new Map(rows.map(({ id, content }) => [id, traitsOf(JSON.parse(content) as Person)]));
  const visits = byPatientAndUnit(await look.reviews.visitsOf(ids));
  return accesses.map((access) => {
    const patient = patients.get(access.patient);
    const numbers = [...(patient?.numbers ?? [])];
    return {
      patient,
      reader: readerOf(access, directory),
      isStaff: numbers.some((number) => directory.numbers.has(number)),
      isKnown: known.has(access.patient) || numbers.some((number) => known.has(number)),
      hasRelation:
        access.unitId === null
          ? undefined
          : (visits.get(`${access.patient} ${access.unitId}`) ?? []).some((one) => isNear(one, access, config)),
    };
  });
}

function byPatientAndUnit(visits: readonly UnitVisit[]): Map<string, UnitVisit[]> {
  const found = new Map<string, UnitVisit[]>();
  for (const one of visits) {
    const key = `${one.patient} ${one.careUnit}`;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return found;
}

/** As the directory has the reader; otherwise by the name in the log, whose last word is taken for the family's. */
function readerOf({ actor, person }: Access, { byHsaId }: Directory): RiskFacts["reader"] {
  const known = byHsaId.get(actor);
  if (known !== undefined && known.families.size > 0) return known;
  const last = nameAndTitle(person).name.split(" ").at(-1) ?? "";
  return { families: new Set(last === "" ? [] : [plain(last)]), addresses: known?.addresses ?? new Set() };
}

/** An encounter within the days before the access, on its day or planned for later, makes a relation. */
function isNear({ from, until }: UnitVisit, { first }: Access, { relationDays }: RiskConfig): boolean {
  const end = until ?? from;
  if (end === null) return true; // when it was is not known: missing is not "none"
  const time = Date.parse(`${end.replace(" ", "T").replace(/\+00$/, "Z")}`);
  return Number.isNaN(time) || time >= Date.parse(first) - relationDays * DAY_MS;
}

function traitsOf({ name = [], address = [], identifier = [] }: Person): Traits {
  const families = name.flatMap(({ family }) => (family === undefined || family === "" ? [] : [plain(family)]));
  const addresses = address.flatMap(({ line = [], postalCode, city }) => {
    const where = (postalCode ?? city ?? "").replaceAll(" ", "");
    return line[0] === undefined || line[0] === "" || where === "" ? [] : [`${plain(line[0])} ${plain(where)}`];
  });
  const numbers = identifier.flatMap(({ system, value }) => {
    const digits = (value ?? "").replaceAll(/[-+ ]/g, "");
    return system !== HSA_SYSTEM && /^\d{8}[\dA-Z]{4}$/.test(digits) ? [digits] : [];
  });
  return { families: new Set(families), addresses: new Set(addresses), numbers: new Set(numbers) };
}

function plain(text: string): string {
  return text.normalize("NFC").trim().replaceAll(/\s+/g, " ").toLocaleLowerCase("sv");
}
