/**
 * Protected identity on the way out of the journal, and on the way back in: texts of people whose identity is protected, and of
 * what refers to them, without what is withheld from the actor. An ordinary text is recognised as it is, without being
 * parsed: who is protected is known by id, asked at most every two seconds and at once after a change here.
 *
 * SPEC JRN-PROTECTED · decision 0033
 */
import {
  changesProtected,
  changesTelling,
  isSelf,
  keptDisplays,
  keptTelling,
  ProtectedIdentity,
  protectionIn,
  seesProtected,
  shownFor,
  withoutDisplays,
  withoutStaffName,
  withoutTelling,
  type Protection,
  type Use,
} from "../access/index.ts";
import {
  fhirErrorAt,
  isEqualJson,
  isJsonArray,
  isJsonObject,
  mayBeProtected,
  parseJson,
  PERSON_TYPES,
  writeJson,
  type JsonObject,
  type JsonValue,
} from "../fhir/index.ts";
import { compileProtected } from "../search/index.ts";
import type { Store } from "../store/index.ts";
import type { Visit } from "./context.ts";

/** A text of the journal, and whose it is. */
export type Shown = {
  readonly type: string;
  readonly id: string;
  readonly patient: string | null;
  readonly content: string;
};

/** What of the journal's texts an actor is shown. */
export type Showing = {
  /** The text without what is withheld for this use; of most resources the same text. */
  readonly text: (row: Shown, use: Use) => string;
  /** What was written with everything in it again that the writer was not shown. Errors: PROTECTED_IDENTITY. */
  readonly kept: (written: JsonObject, before: Shown) => JsonObject;
  /** Whether the patient's identity is protected and withheld. */
  readonly hides: (patient: string | null) => boolean;
};

const EVERYTHING: Showing = { text: ({ content }) => content, kept: (written) => written, hides: () => false };

/** What the visit's actor is shown. Errors: those of the store; then nothing is shown at all. */
export async function showingFor(visit: Visit): Promise<Showing> {
  const { actor, store } = visit;
  // The directory is where the protection of staff is kept; it reaches no patient, and its screens name nobody.
  if (visit.work === "directory") return EVERYTHING;
  if (seesProtected(actor) && changesProtected(actor)) return EVERYTHING;
  const people = await peopleOf(store).now(visit.clock().getTime());
  const without = new Withholding(visit, people);
  return {
    text: seesProtected(actor) ? EVERYTHING.text : (row, use) => without.text(row, use),
    kept: changesProtected(actor) ? EVERYTHING.kept : (written, before) => without.kept(written, before),
    hides: (patient) => !seesProtected(actor) && patient !== null && people.has(`Patient/${patient}`),
  };
}

/** A row with the text that the actor is shown. */
export function shownRow<T extends Shown>(row: T, showing: Showing, use: Use): T {
  const content = showing.text(row, use);
  return content === row.content ? row : { ...row, content };
}

type Typed = { readonly type: string };

/** A row as its writer sees it, for a patch: made to the whole, its tests would tell what is withheld. */
export function seenBy<T extends Omit<Shown, "type">>(
  showing: Showing | undefined,
  { type }: Typed,
  row: T | undefined,
): T | undefined {
  if (row === undefined || showing === undefined) return row;
  return { ...row, content: showing.text({ ...row, type }, "chart") };
}

/** What was written, with what its writer was not shown. Errors: PROTECTED_IDENTITY. */
export function keptBy(
  showing: Showing | undefined,
  { type }: Typed,
  written: JsonObject,
  before: Omit<Shown, "type"> | undefined,
): JsonObject {
  return before === undefined || showing === undefined ? written : showing.kept(written, { ...before, type });
}

/** Who is protected may have changed: it is asked again before the next answer. */
export function forgetProtected(store: Store): void {
  peopleOf(store).forget();
}

/** Forgets when something was written that may have changed who is protected. */
export function forgetIfProtected(store: Store, written: readonly Pick<Shown, "type" | "id" | "content">[]): void {
  const people = peopleOf(store);
  const isAboutThem = written.some(
    ({ type, id, content }) =>
      OWN_TYPES.has(type) &&
      (people.knows(`${type}/${id}`) || content === "" || mayBeProtected(content) || content.includes('"replace')),
  );
  if (isAboutThem) people.forget();
}

/** Types whose own labels protect; relatives are protected with their patient too. */
const OWN_TYPES: ReadonlySet<string> = new Set(["Patient", "Practitioner"]);
const STAFF = "Practitioner";
/** Of an older version without the label, of somebody who has it today. */
const PROTECTED_NOW: Protection = { sekretessmarkering: true, skyddadFolkbokforing: false };
const NAMED = /\b(?:Patient|Practitioner)\/[A-Za-z0-9\-.]{1,64}/g;

class Withholding {
  private readonly visit: Visit;
  private readonly people: ReadonlySet<string>;

  constructor(visit: Visit, people: ReadonlySet<string>) {
    this.visit = visit;
    this.people = people;
  }

  text(row: Shown, use: Use): string {
    if (this.isOpen(row)) return row.content;
    const isPerson = PERSON_TYPES.has(row.type) && (this.isKnown(row) || mayBeProtected(row.content));
    if (!isPerson && !this.namesSomebody(row)) return row.content;
    const resource = parseJson(row.content) as JsonObject;
    const shown = withoutDisplays(this.withoutContained(this.personFor(resource, row, use), row), this.isHidden);
    return shown === resource ? row.content : writeJson(shown);
  }

  kept(written: JsonObject, row: Shown): JsonObject {
    if (this.isOpen(row)) return written;
    const before = parseJson(row.content) as JsonObject;
    const protection = PERSON_TYPES.has(row.type) ? this.protectionOf(before, row) : undefined;
    if (protection === undefined) return keptDisplays(written, before, this.isHidden) as JsonObject;
    if (changesTelling(written, before, isEqualJson)) throw fhirErrorAt("PROTECTED_IDENTITY", row.type);
    return keptTelling(written, before);
  }

  private personFor(resource: JsonObject, row: Shown, use: Use): JsonObject {
    const protection = PERSON_TYPES.has(row.type) ? this.protectionOf(resource, row) : undefined;
    if (protection === undefined) return resource;
    const identity = new ProtectedIdentity(resource, protection);
    return row.type === STAFF ? shownFor(identity, use, withoutStaffName) : shownFor(identity, use, withoutTelling);
  }

  private protectionOf(resource: JsonObject, row: Shown): Protection | undefined {
    return protectionIn(resource) ?? (this.isKnown(row) ? PROTECTED_NOW : undefined);
  }

  /** A person inside a record of somebody who is protected is the same one, or a relative. */
  private withoutContained(resource: JsonObject, { patient }: Shown): JsonObject {
    const { contained } = resource;
    if (!isJsonArray(contained) || !this.people.has(`Patient/${patient}`)) return resource;
    const shown = contained.map((one): JsonValue => {
      const type = isJsonObject(one) ? one["resourceType"] : undefined;
      const isPerson = isJsonObject(one) && typeof type === "string" && type !== STAFF && PERSON_TYPES.has(type);
      return isPerson ? shownFor(new ProtectedIdentity(one, PROTECTED_NOW), "list", withoutTelling) : one;
    });
    return { ...resource, contained: shown };
  }

  private isOpen({ type, id }: Shown): boolean {
    if (isSelf(this.visit.actor, type, id)) return true;
    return type === STAFF && this.visit.work === "directory"; // whoever keeps the directory keeps its names
  }

  private isKnown({ type, id, patient }: Shown): boolean {
    return this.people.has(`${type}/${id}`) || (patient !== null && this.people.has(`Patient/${patient}`));
  }

  private namesSomebody({ content }: Shown): boolean {
    if (this.people.size === 0) return false;
    return content.match(NAMED)?.some((name) => this.people.has(name)) ?? false;
  }

  private readonly isHidden = (reference: string): "patient" | "staff" | undefined => {
    const name = reference.match(NAMED)?.find((one) => this.people.has(one));
    if (name === undefined) return undefined;
    return name.startsWith(STAFF) ? "staff" : "patient";
  };
}

/** With this, a protection that another process took in holds here within the five seconds of any other withdrawal. */
const KEPT_MS = 2000;

/** Who is protected, one for each process and store. */
class People {
  private readonly store: Store;
  private names: ReadonlySet<string> = new Set();
  private checked = Number.NEGATIVE_INFINITY;
  private changes = 0;
  private asking: Promise<void> | undefined;

  constructor(store: Store) {
    this.store = store;
  }

  async now(at: number): Promise<ReadonlySet<string>> {
    // Twice, since what was being asked already may have begun before a change.
    for (let tries = 0; tries < 2 && Math.abs(at - this.checked) >= KEPT_MS; tries += 1) {
      this.asking ??= this.ask(at).finally(() => (this.asking = undefined));
      await this.asking;
    }
    return this.names;
  }

  knows(name: string): boolean {
    return this.names.has(name);
  }

  forget(): void {
    this.changes += 1;
    this.checked = Number.NEGATIVE_INFINITY;
  }

  /** The system asks for itself and shows nobody anything, so it leaves nothing in the access log. */
  private async ask(at: number): Promise<void> {
    const before = this.changes;
    const found = await this.store.read("*", async (look) => {
      const rows = [];
      for (const type of OWN_TYPES) {
        const some = await look.search(compileProtected(type, () => "TRUE"));
        rows.push(...some.map((row) => `${type}/${String(row["id"])}`));
      }
      const own = new Set(rows);
      // Of somebody with several records the protection of one holds for all of them.
      const joined = await look.care.everyOther();
      rows.push(...joined.flatMap(({ patient, other }) => (own.has(`Patient/${other}`) ? [`Patient/${patient}`] : [])));
      return rows;
    });
    this.names = new Set(found);
    if (before === this.changes) this.checked = at; // what was changed meanwhile may not be among it
  }
}

const known = new WeakMap<Store, People>();

function peopleOf(store: Store): People {
  let people = known.get(store);
  if (people === undefined) {
    people = new People(store);
    known.set(store, people);
  }
  return people;
}
