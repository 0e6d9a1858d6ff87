/**
 * Finding people in the directory: each word is asked of the indexes (names, HSA-ids, units, roles), and only those who may meet all of them
 * are read, however many the directory has.
 *
 * SPEC CLIN-KEEP-1
 */
import { HSA_SYSTEM } from "../../base/index.ts";
import {
  disclosedTogether,
  searchResources,
  today,
  type Disclosed,
  type QueryParameters,
  type Visit,
} from "../../journal/index.ts";
import { hereOf, type Here } from "./here.ts";
import { peopleIn, type ShownPerson } from "./keeping.ts";
import { readAll } from "./read-all.ts";
import { ROLE_SYSTEM } from "./words.ts";

export type PeopleAsk = { readonly words: string; readonly unit: string | undefined; readonly count: number };
export type FoundPeople = {
  readonly people: readonly ShownPerson[];
  readonly total: number;
  /** There are more than were looked at: the words narrow too little. */
  readonly isMore: boolean;
};

/** So many are looked at for one question; whoever wants one of more adds a word. */
const MOST = 1000;
/** Words beyond these are only compared. */
const MOST_WORDS = 4;
/** Names in one question. */
const AT_ONCE = 250;

type Candidates = { readonly people: ReadonlySet<string>; readonly isCut: boolean };
type Named = { readonly id: string; readonly practitioner?: { readonly reference?: string } };
type Places = Pick<Here, "directory" | "standing">;

/** People whose text has all the words, by name; with neither words nor unit some of all. */
export async function directoryPeople(
  visit: Visit,
  { words, unit, count }: PeopleAsk,
): Promise<Disclosed<FoundPeople>> {
  const seen: Disclosed<unknown>[] = [];
  const texts = async (type: string, criteria: QueryParameters): Promise<readonly string[]> => {
    const found = await readAll(visit, type, criteria);
    seen.push(found);
    return found.value;
  };
  const organizations = await texts("Organization", []);
  const systems = await texts("CodeSystem", [["url", ROLE_SYSTEM]]);
  const places = hereOf([organizations, [], [], [], systems]);
  const wanted = words.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
  const finding = new Finding(visit, places, seen);
  const { people, isCut } = await finding.candidates(wanted, unit);
  const some = [...people].slice(0, MOST);
  const [staff, duties]: [string[], string[]] = [[], []];
  for (let at = 0; at < some.length; at += AT_ONCE) {
    const part = some.slice(at, at + AT_ONCE);
    staff.push(...(await texts("Practitioner", [["_id", part.map(idOf).join(",")]])));
    duties.push(...(await texts("PractitionerRole", [["practitioner", part.join(",")]])));
  }
  const here = hereOf([organizations, staff, duties, [], systems]);
  const shown = peopleIn(here, { words: wanted, unit, day: today(visit) });
  const answer = { people: shown.slice(0, count), total: shown.length, isMore: isCut || people.size > MOST };
  return disclosedTogether(seen, () => answer);
}

class Finding {
  private readonly visit: Visit;
  private readonly places: Places;
  private readonly seen: Disclosed<unknown>[];

  constructor(visit: Visit, places: Places, seen: Disclosed<unknown>[]) {
    this.visit = visit;
    this.places = places;
    this.seen = seen;
  }

  /** The fewest people of whom one of the questions says that the rest can be among them. */
  async candidates(words: readonly string[], unit: string | undefined): Promise<Candidates> {
    const all: Candidates[] = [];
    if (unit !== undefined)
      all.push(await this.working([["organization", this.unitIds((hsaId) => hsaId === unit).join(",")]]));
    for (const word of words.slice(0, MOST_WORDS)) all.push(await this.meant(word));
    if (all.length === 0) return this.people([]);
    // A word that no index knows may stand in a title, which has none: it is compared in those whom the others mean.
    const known = all.filter(({ people }) => people.size > 0);
    if (known.length === 0) return { people: new Set(), isCut: false };
    const rank = ({ people, isCut }: Candidates): number => (isCut ? Infinity : people.size);
    return known.reduce((fewest, one) => (rank(one) < rank(fewest) ? one : fewest));
  }

  /** Whom one word may mean. */
  private async meant(word: string): Promise<Candidates> {
    const hsaId = `${HSA_SYSTEM}|${escaped(word.toLocaleUpperCase("sv"))}`;
    const has = (text: string): boolean => text.toLocaleLowerCase("sv").includes(word);
    const units = this.unitIds((unit, name) => has(name) || has(unit));
    const found = await Promise.all([
      this.people([["name", escaped(word)]]),
      this.people([["identifier", hsaId]]),
      this.working([["identifier", hsaId]]),
      this.working([["organization", units.slice(0, AT_ONCE).join(",")]]),
      this.working([["role:text", escaped(word)]]),
    ]);
    const isCut = units.length > AT_ONCE || found.some((one) => one.isCut);
    return { people: new Set(found.flatMap(({ people }) => [...people])), isCut };
  }

  private unitIds(is: (hsaId: string, name: string) => boolean): readonly string[] {
    const { directory, standing } = this.places;
    const units = [...directory.units].filter(([hsaId, { name }]) => is(hsaId, name));
    return units.flatMap(([hsaId]) => standing.get(`units ${hsaId}`) ?? []).map(({ id }) => `Organization/${id}`);
  }

  private people(criteria: QueryParameters): Promise<Candidates> {
    return this.ask("Practitioner", criteria, ({ id }) => `Practitioner/${id}`);
  }

  private working(criteria: QueryParameters): Promise<Candidates> {
    return this.ask("PractitionerRole", criteria, ({ practitioner }) => practitioner?.reference);
  }

  private async ask(
    type: string,
    criteria: QueryParameters,
    personOf: (resource: Named) => string | undefined,
  ): Promise<Candidates> {
    if (criteria.some(([, value]) => value === "")) return { people: new Set(), isCut: false };
    const found = await searchResources(this.visit, type, [...criteria, ["_count", String(MOST)]]);
    this.seen.push(found);
    const { rows, next } = found.value;
    const people = rows.flatMap(({ content }) => personOf(JSON.parse(content) as Named) ?? []);
    return { people: new Set(people), isCut: next !== null };
  }
}

function idOf(reference: string): string {
  return reference.slice(reference.indexOf("/") + 1);
}

/** A word as a search takes it literally. */
function escaped(word: string): string {
  return word.replaceAll(/[\\,|$]/g, "\\$&");
}
