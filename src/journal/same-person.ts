/**
 * One human under several records, which Patient.link joins. Records stay as they were written, each with its own patient; whoever works in
 * one of the charts is shown all of them, and when a link is taken away each has its own again. Who is joined is known by id, asked at most
 * every two seconds and at once after a change here.
 *
 * SPEC JRN-SAME · https://hl7.org/fhir/R4/patient.html#links
 */
import { isJsonObject, listOf, parseJson, writeJson, type JsonObject } from "../fhir/index.ts";
import type { LogRow, ReadTx, Store } from "../store/index.ts";
import type { Visit } from "./context.ts";
import type { QueryParameters } from "./query-text.ts";

/** With this, what another process joined or parted holds here within the five seconds of any other change. */
const KEPT_MS = 2000;
const OF_PATIENT: ReadonlySet<string> = new Set(["patient", "subject"]);
const NAMED = /^(?:Patient\/)?([A-Za-z0-9\-.]{1,64})$/;

/** The other records of the same person, by id; of nearly everybody none. */
export async function samePersonAs(visit: Pick<Visit, "store" | "clock">, patient: string): Promise<readonly string[]> {
  return (await groupsOf(visit.store).now(visit.clock().getTime())).get(patient) ?? [];
}

/** The same, as it stands in a transaction. */
export function sameIn(look: Pick<ReadTx, "care">, patient: string): Promise<readonly string[]> {
  return look.care.others(patient);
}

/** A search of one patient's records by staff, widened to the person's other records; `of` is who was asked about when it was. */
export async function withSamePerson(
  visit: Visit,
  parameters: QueryParameters,
): Promise<{ readonly parameters: QueryParameters; readonly of: string | undefined }> {
  const { actor } = visit;
  const places = parameters.filter(([name]) => OF_PATIENT.has(name));
  const [named] = places; // one names whose records they are
  const id = places.length === 1 ? NAMED.exec(named?.[1] ?? "")?.[1] : undefined;
  // What an application may see is said of one record.
  if (actor.kind !== "person" || actor.app !== undefined || id === undefined) return { parameters, of: undefined };
  const others = await samePersonAs(visit, id);
  if (others.length === 0) return { parameters, of: undefined };
  const all = [id, ...others].map((one) => `Patient/${one}`).join(",");
  return { parameters: parameters.map(([name, value]) => [name, OF_PATIENT.has(name) ? all : value] as const), of: id };
}

/** Whom a patient's record replaces or is replaced by, as one text that is the same when they are. */
export function joinedText(patient: JsonObject | undefined): string {
  const links = listOf(patient?.["link"]).filter(isJsonObject);
  return links
    .filter(({ type }) => type === "replaces" || type === "replaced-by")
    .map((link) => writeJson({ type: link["type"], other: link["other"] }))
    .toSorted()
    .join();
}

/** The patients whose joining a write changes: each must be open to a person who writes it. */
export function rejoined(
  resources: ReadonlyMap<string, JsonObject>,
  current: ReadonlyMap<string, { readonly content: string }>,
): readonly string[] {
  return [...resources].flatMap(([name, resource]) => {
    if (resource["resourceType"] !== "Patient") return [];
    const before = current.get(name);
    const was = before === undefined ? undefined : (parseJson(before.content) as JsonObject);
    return joinedText(resource) === joinedText(was) ? [] : [name.slice("Patient/".length)];
  });
}

/** Rows of several patients' logs as the log has them, newest first. */
export function newestFirst(one: LogRow, other: LogRow): number {
  if (one.recorded !== other.recorded) return one.recorded < other.recorded ? 1 : -1;
  if (one.chain !== other.chain) return one.chain < other.chain ? 1 : -1;
  return BigInt(one.seq) < BigInt(other.seq) ? 1 : -1;
}

/** Who is joined may have changed: it is asked again before the next answer. */
export function forgetJoined(store: Store, written: readonly { readonly type: string }[]): void {
  if (written.some(({ type }) => type === "Patient")) groupsOf(store).forget();
}

/** Who is joined with whom, one for each process and store. */
class Groups {
  private readonly store: Store;
  private known: ReadonlyMap<string, readonly string[]> = new Map();
  private checked = Number.NEGATIVE_INFINITY;
  private changes = 0;
  private asking: Promise<void> | undefined;

  constructor(store: Store) {
    this.store = store;
  }

  async now(at: number): Promise<ReadonlyMap<string, readonly string[]>> {
    // Twice, since what was being asked already may have begun before a change.
    for (let tries = 0; tries < 2 && Math.abs(at - this.checked) >= KEPT_MS; tries += 1) {
      this.asking ??= this.ask(at).finally(() => (this.asking = undefined));
      await this.asking;
    }
    return this.known;
  }

  forget(): void {
    this.changes += 1;
    this.checked = Number.NEGATIVE_INFINITY;
  }

  /** The system asks for itself and shows nobody anything, so it leaves nothing in the access log. */
  private async ask(at: number): Promise<void> {
    const before = this.changes;
    const found = new Map<string, string[]>();
    for (const { patient, other } of await this.store.read("*", (look) => look.care.everyOther()))
      found.set(patient, [...(found.get(patient) ?? []), other]);
    this.known = found;
    if (before === this.changes) this.checked = at; // what was changed meanwhile may not be among it
  }
}

const kept = new WeakMap<Store, Groups>();

function groupsOf(store: Store): Groups {
  let groups = kept.get(store);
  if (groups === undefined) {
    groups = new Groups(store);
    kept.set(store, groups);
  }
  return groups;
}
