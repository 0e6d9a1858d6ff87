/**
 * One transaction's worth of commands on their way into the database: conditions are resolved, ids given, references
 * rewritten and checked, then rows are written type by type.
 *
 * SPEC JRN-BATCH · https://hl7.org/fhir/R4/http.html#trules
 */
import { isDirectory, type Grounds } from "../access/index.ts";
import { homeOf, newId, newPatientId } from "../base/index.ts";
import { fhirError, fhirErrorAt, parseJson, type FhirError, type JsonObject, type ProfileSet } from "../fhir/index.ts";
import { extractKeys } from "../search/index.ts";
import type { Change, CurrentRow, NewRow, Standing, VersionRow, WriteTx } from "../store/index.ts";
import {
  criteriaOf,
  isConditional,
  nameOf,
  type Command,
  type CreateCommand,
  type DeleteCommand,
  type PatchCommand,
  type SettledCommand,
  type UpdateCommand,
  type Written,
} from "./commands.ts";
import type { WrittenVersion } from "./along.ts";
import { changeOf, patched, refuseUnlessMatching } from "./batch-changes.ts";
import { hideHeaders, type HiddenHeaders } from "./channel-headers.ts";
import { composeVersion, isUnchanged, lastUpdatedOf, momentOf } from "./compose.ts";
import { foundNames, isAsSeen, settleCommands, type Settled } from "./conditional-changes.ts";
import { refuseUnchecked } from "./checks.ts";
import { conditionName, conditionOf, matchCondition, matchOne, type Asker } from "./conditional.ts";
import type { Visit } from "./context.ts";
import type { Hit } from "./hits.ts";
import { demandReferences, isUnresolved, refuseDanglingReferences, refuseReferencedDeletions } from "./integrity.ts";
import { fewNames } from "./locks.ts";
import { lastVersionsOf } from "./last-versions.ts";
import { keptBy, seenBy, type Showing } from "./protected.ts";
import { conditionalReferencesIn, localTargets, referencesIn, rewriteReferences } from "./references.ts";
import { PROVENANCE_HEADER, refuseBadProvenance, refuseBadResource } from "./refusals.ts";
import { keepLocks } from "./signing/lock.ts";
import { supervised } from "./signing/supervised.ts";
import { refuseUnconforming } from "./validate.ts";
import { withWordsSealed } from "./words.ts";

export type LoggedHit = Hit & { readonly action: "create" | "update" | "delete" | "read" };
export type BatchResult = {
  readonly written: Written[];
  readonly changes: Change[];
  readonly hits: LoggedHit[];
  /** What a conditional deletion took, by its place, when it was not one resource. */
  readonly taken: Map<number, Hit[]>;
  /** What was written of the types that somebody else keeps a ledger of. */
  readonly versions: WrittenVersion[];
  /** All that was written, by `Type/id`. */
  readonly resources: Map<string, JsonObject>;
};

/** What the commands are about, found and held. */
export type Ready = { readonly settled: readonly Settled[]; readonly current: ReadonlyMap<string, CurrentRow> };

/** A resource about to become a version. */
type Draft = {
  readonly at: number;
  readonly command: CreateCommand | UpdateCommand | PatchCommand;
  readonly id: string;
  resource: JsonObject;
  readonly current: CurrentRow | undefined;
};

/** What one run of a batch builds up; a run that is tried again begins with a new one. */
type Run = Ready & {
  readonly tx: WriteTx;
  /** What the entries are called inside their bundle, and what that means here. */
  readonly names: Map<string, string>;
  readonly drafts: Draft[];
  readonly deleted: { readonly type: string; readonly row: CurrentRow }[];
  readonly result: BatchResult;
};

export class Batch implements Asker {
  readonly visit: Visit;
  readonly grounds: Grounds;
  readonly commands: readonly Command[];
  /** Find out by asking whether references are whole, instead of demanding it. */
  isClose = false;
  /** What is written is no news. */
  isHistory = false;
  /** What the resources are held against, if any of them may claim a profile. */
  profiles: ProfileSet | undefined;
  /** What the writer was shown of what is changed. */
  showing?: Showing;
  /** What subscriptions send along, by their ids: no version shows it. */
  readonly headers = new Map<string, HiddenHeaders>();
  private readonly newIds: readonly (string | undefined)[];
  private readonly provenance: JsonObject | undefined;

  /**
   * Checks every resource before anything is touched; `provenance` is to tell of what will be written. Errors: INVALID,
   * ID_MISMATCH, BUNDLE_OVERLAP, PROVENANCE_INVALID.
   */
  constructor(visit: Visit, grounds: Grounds, commands: readonly Command[], provenance?: JsonObject) {
    this.visit = visit;
    this.grounds = grounds;
    this.commands = commands;
    this.provenance = provenance;
    for (const command of commands) refuseBadResource(command);
    if (provenance !== undefined) refuseBadProvenance(provenance);
    refuseOverlap(commands);
    this.newIds = this.giveIds();
  }

  /** The home under which an idempotency key of this batch is kept. */
  firstHome(): number {
    const [first] = this.commands;
    if (first === undefined || isConditional(first) || first.kind === "create") return 0;
    return homeOf(first.id);
  }

  /** What is asked for, by type or id. */
  asked(): string[] {
    return this.commands.map((command) => nameOf(command) ?? command.type);
  }

  /**
   * Finds what the commands are about and holds it. To be done before anything is written: whoever had to wait here must
   * get a later number in the change log. Errors: those of settleCommands.
   */
  async find(tx: WriteTx): Promise<Ready> {
    for (let look = 1; look <= MOST_LOOKS; look += 1) {
      const settled = await settleCommands(tx, this, this.commands);
      await tx.lock(fewNames(foundNames(settled)));
      const current = await readCurrent(tx, settled);
      if (settled.every((one) => isAsSeen(one, current))) return { settled, current };
    }
    throw fhirError("VERSION_CONFLICT");
  }

  /** Deletes, then creates and changes, whatever the order of the entries; integrity is judged by how it all ends. */
  async run(tx: WriteTx, ready: Ready): Promise<BatchResult> {
    const result: BatchResult = {
      written: [],
      changes: [],
      hits: [],
      taken: new Map(),
      versions: [],
      resources: new Map(),
    };
    const run: Run = { ...ready, tx, names: new Map(), drafts: [], deleted: [], result };
    await this.deleteAll(run);
    for (const { at, command } of run.settled) {
      if (command.kind === "create") await this.draftCreate(run, at, command);
      else if (command.kind !== "delete") await this.draftChange(run, at, command);
    }
    for (const draft of run.drafts) draft.resource = rewriteReferences(draft.resource, this.rewriter(run.names));
    if (this.profiles !== undefined) await refuseUnconforming(tx, this.profiles, run.drafts);
    for (const draft of run.drafts) await this.hide(run.tx, draft);
    await this.writeDrafts(run);
    if (this.provenance !== undefined && result.changes.length > 0) await this.writeProvenance(run, this.provenance);
    await keepLocks(this.visit, run);
    await this.check(run);
    if (this.visit.referentialIntegrity) await refuseBrokenReferences(run, this.isClose);
    return result;
  }

  /** What is written is asked for what must hold of it when all of it is there: what is ordered together is judged together. */
  private async check({ tx, drafts, result }: Run): Promise<void> {
    const { check } = this.visit;
    if (check === undefined || this.isHistory) return;
    const changed = new Set(result.changes.map(({ type, id }) => `${type}/${id}`));
    const written = drafts
      .filter(({ command, id }) => check.types.has(command.type) && changed.has(`${command.type}/${id}`))
      .map(({ command, id, resource, current }) => ({
        type: command.type,
        id,
        where: command.where,
        resource: { ...resource, id },
        before: current === undefined ? null : (parseJson(current.content) as JsonObject),
      }));
    await refuseUnchecked(tx, this, { check, written });
  }

  private async hide(tx: WriteTx, draft: Draft): Promise<void> {
    if (draft.command.type !== "Subscription") return;
    const hidden = await hideHeaders(tx, this.visit.actor, draft);
    this.headers.delete(draft.id); // an earlier attempt's
    if (hidden === undefined) return;
    draft.resource = hidden.shown;
    this.headers.set(draft.id, hidden);
  }

  private async draftCreate(run: Run, at: number, command: CreateCommand): Promise<void> {
    const { tx, names, drafts, result } = run;
    const existing =
      command.ifNoneExist === undefined
        ? undefined
        : await matchCondition(tx, this, { ...command, criteria: command.ifNoneExist });
    const id = existing?.id ?? this.newIds[at] ?? "";
    nameEntry(names, command, `${command.type}/${id}`);
    if (existing === undefined) {
      drafts.push({ at, command, id, resource: command.resource, current: undefined });
      return;
    }
    if (run.current.has(`${command.type}/${id}`)) throw fhirErrorAt("BUNDLE_OVERLAP", command.where, command.type);
    result.written[at] = {
      outcome: "existed",
      type: command.type,
      id,
      version: existing.version,
      lastUpdated: existing.lastUpdated,
      content: existing.content,
    };
    result.hits.push({ action: "read", type: command.type, id, version: existing.version, patient: existing.patient });
  }

  private async draftChange(run: Run, at: number, command: UpdateCommand | PatchCommand): Promise<void> {
    const { names, drafts } = run;
    const current = run.current.get(`${command.type}/${command.id}`);
    if (command.kind === "update") {
      refuseUnlessMatching(command, current);
      if (current === undefined) await this.refuseSecond(run, command);
      nameEntry(names, command, `${command.type}/${command.id}`);
    }
    const isPatch = command.kind === "patch";
    const showing = isPatch && command.isLinking === true ? undefined : this.showing;
    const written = isPatch ? patched(command, seenBy(showing, command, current)) : command.resource;
    drafts.push({ at, command, id: command.id, resource: keptBy(showing, command, written, current), current });
  }

  /** Errors: PRECONDITION_FAILED when somebody else made it under another id. */
  private async refuseSecond({ tx }: Run, { ifNoneExist: criteria, type, where }: UpdateCommand): Promise<void> {
    if (criteria === undefined) return;
    const found = await matchCondition(tx, this, { type, where, criteria });
    if (found !== undefined) throw fhirErrorAt("PRECONDITION_FAILED", where);
  }

  private async deleteAll(run: Run): Promise<void> {
    for (const { at, command } of run.settled) if (command.kind === "delete") await this.deleteOne(run, at, command);
    for (const [at, command] of this.commands.entries()) {
      const taken = run.result.taken.get(at) ?? [];
      if (command.kind !== "delete" || !isConditional(command) || taken.length === 1) continue;
      const outcome = taken.length === 0 ? "absent" : "deleted";
      const nothing = { id: "", version: 0, lastUpdated: this.visit.clock().toISOString(), content: null };
      run.result.written[at] = { ...nothing, outcome, type: command.type, count: taken.length };
    }
  }

  private async deleteOne({ tx, current, deleted, result }: Run, at: number, command: DeleteCommand): Promise<void> {
    const { type, id } = command;
    const row = current.get(`${type}/${id}`);
    refuseUnlessMatching(command, row);
    const lastUpdated = this.visit.clock().toISOString();
    const version = (row?.version ?? 0) + 1;
    const outcome = row === undefined ? "absent" : "deleted";
    result.written[at] = { outcome, type, id, version, lastUpdated, content: null };
    if (row === undefined) return;
    this.refuseForeign(row.care_provider);
    await tx.remove(type, row, lastUpdated);
    deleted.push({ type, row });
    this.note(result, changeOf(type, { ...row, version }, "delete", lastUpdated), {
      content: null,
      resource: null,
      before: row.content,
    });
    const hit: LoggedHit = { action: "delete", type, id, version, patient: row.patient };
    result.hits.push(hit);
    result.taken.set(at, [...(result.taken.get(at) ?? []), hit]);
  }

  /**
   * Writes the drafts whose references are settled, then those whose conditional references find what they mean, round by
   * round: what one of them means may be another one.
   */
  private async writeDrafts(run: Run): Promise<void> {
    const isWaiting = ({ resource }: Draft): boolean => conditionalReferencesIn(resource).length > 0;
    await this.writeRows(
      run,
      run.drafts.filter((draft) => !isWaiting(draft)),
    );
    for (let waiting = run.drafts.filter(isWaiting); waiting.length > 0; waiting = waiting.filter(isWaiting)) {
      let fault: FhirError | undefined;
      for (const draft of waiting) fault = (await this.settle(run, draft)) ?? fault;
      const ready = waiting.filter((draft) => !isWaiting(draft));
      if (ready.length === 0 && fault !== undefined) throw fault;
      await this.writeRows(run, ready);
    }
  }

  /** Tells of the versions that were written. Those need not be here: a deletion is told of, too. */
  private async writeProvenance(run: Run, given: JsonObject): Promise<void> {
    const target = run.result.changes.map(({ type, id, version }) => ({
      reference: `${type}/${id}/_history/${version}`,
    }));
    const resource = rewriteReferences(given, this.rewriter(run.names));
    const command: CreateCommand = { kind: "create", type: "Provenance", resource, where: PROVENANCE_HEADER };
    const id = newId(likelyHome({ target }, new Map()), this.visit.clock().getTime(), this.visit.random(10));
    const draft: Draft = { at: this.commands.length, command, id, resource, current: undefined };
    const fault = await this.settle(run, draft);
    if (fault !== undefined) throw fault;
    run.drafts.push(draft);
    const whole: Draft = { ...draft, resource: { ...draft.resource, target } };
    if (this.profiles !== undefined) await refuseUnconforming(run.tx, this.profiles, [whole]);
    await this.writeRows(run, [whole]);
  }

  /** Puts ids in place of the draft's conditional references; answers why not, as long as one of them finds nothing. */
  private async settle({ tx, names, result }: Run, draft: Draft): Promise<FhirError | undefined> {
    for (const text of conditionalReferencesIn(draft.resource)) {
      const condition = conditionOf(text, draft.command.where);
      const name = conditionName(condition.type, condition.criteria);
      if (!names.has(name)) {
        const found = await matchOne(tx, this, condition);
        if (found === undefined) return fhirErrorAt("REFERENCE_NOT_FOUND", condition.where, condition.type);
        names.set(name, `${condition.type}/${found.id}`);
        result.hits.push({ ...found, action: "read" });
      }
      names.set(text, names.get(name) ?? "");
    }
    draft.resource = rewriteReferences(draft.resource, this.rewriter(names));
    return undefined;
  }

  private async writeRows({ tx, result }: Run, drafts: readonly Draft[]): Promise<void> {
    const inserts = new Map<string, NewRow[]>();
    const retired = new Map<string, Standing[]>();
    const gone = await lastVersionsOf(tx, drafts);
    for (const draft of drafts) {
      const row = this.versionOf(draft, gone.get(`${draft.command.type}/${draft.id}`), result);
      if (row === undefined) continue;
      if (draft.current !== undefined) addTo(retired, row.type, draft.current);
      addTo(inserts, row.type, row);
    }
    for (const [type, standing] of retired) await tx.retire(type, standing);
    for (const [type, rows] of inserts) await tx.insert(type, rows);
  }

  /** The new version's row, or nothing when the update says what is there already. */
  private versionOf(draft: Draft, deleted: VersionRow | undefined, result: BatchResult): NewRow | undefined {
    const { command, id, current } = draft;
    const resource = withWordsSealed(supervised(this.visit.actor, command.type, draft.resource), draft);
    const { type } = command;
    if (current !== undefined && !this.isHiddenNew(draft) && isUnchanged(resource, id, current)) {
      const lastUpdated = lastUpdatedOf(current.content);
      const { version, content, patient } = current;
      result.written[draft.at] = { outcome: "unchanged", type, id, version, lastUpdated, content };
      result.hits.push({ action: "read", type, id, version, patient });
      return undefined;
    }
    if (command.kind === "update" && current === undefined && deleted === undefined) this.refuseOwnId();
    const version = (current ?? deleted)?.version ?? 0;
    const { changed, lastUpdated } = momentOf(this.visit.clock());
    const content = composeVersion(resource, id, version + 1, lastUpdated);
    const keys = extractKeys(type, { ...resource, id }, { base: this.visit.base });
    const home = keys.patient === null ? 0 : homeOf(keys.patient);
    const owner = this.ownerOf(command, current ?? deleted, keys.patient);
    const row: NewRow = { type, home, id, version: version + 1, lastUpdated: changed, ...owner, content, keys };
    const method = current === undefined ? "create" : "update";
    result.written[draft.at] = {
      outcome: method === "create" ? "created" : "updated",
      type,
      id,
      version: row.version,
      lastUpdated,
      content,
    };
    const change: Change = { home, type, id, version: row.version, method, recorded: changed, patient: keys.patient, ...owner }; // prettier-ignore
    this.note(result, change, { content, resource, before: current?.content ?? null });
    result.hits.push({ action: method, type, id, version: row.version, patient: keys.patient });
    return row;
  }

  /** What is new of it is what no version shows. */
  private isHiddenNew({ command, id }: Draft): boolean {
    return command.type === "Subscription" && this.headers.get(id)?.isNew === true;
  }

  private note(result: BatchResult, change: Change, told: Omit<WrittenVersion, keyof Change>): void {
    result.changes.push(change);
    if (told.resource !== null) result.resources.set(`${change.type}/${change.id}`, told.resource);
    if (this.visit.along?.types.has(change.type) === true) result.versions.push({ ...change, ...told });
  }

  /**
   * A person who chose an id could learn from a collision that another care provider has it; ids are the server's to
   * give. Machine clients see the whole region and may, and so may whoever keeps the directory, which is nobody's.
   */
  private refuseOwnId(): void {
    if (this.visit.actor.kind === "person" && this.visit.work !== "directory") throw fhirError("NOT_FOUND");
  }

  /** What another care provider has written may be opened to a person for reading, never for writing. */
  private refuseForeign(careProvider: string | null): void {
    const { actor } = this.visit;
    if (actor.kind !== "person" || careProvider === null || careProvider === actor.assignment.providerHsaId) return;
    throw fhirError("FORBIDDEN", "another care provider's record is not changed from here");
  }

  /** Ownership is given once and never changes. What belongs to no patient and is directory data is nobody's. */
  private ownerOf(
    command: Command,
    before: { care_provider: string | null; care_unit: string | null } | undefined,
    patient: string | null,
  ): { careProvider: string | null; careUnit: string | null } {
    if (before !== undefined) {
      this.refuseForeign(before.care_provider);
      return { careProvider: before.care_provider, careUnit: before.care_unit };
    }
    if (patient === null && isDirectory(command.type)) return { careProvider: null, careUnit: null };
    const { actor } = this.visit;
    if (actor.kind === "person")
      return { careProvider: actor.assignment.providerHsaId, careUnit: actor.assignment.unitHsaId };
    if (actor.kind === "patient") throw fhirError("FORBIDDEN", "nothing is written at the patient's door");
    return command.owner ?? { careProvider: actor.careProvider, careUnit: actor.careUnit };
  }

  /** New patients first: what is created together with them gets ids that carry their home. */
  private giveIds(): (string | undefined)[] {
    const now = this.visit.clock().getTime();
    const ids: (string | undefined)[] = [];
    const homes = new Map<string, number>();
    for (const [at, command] of this.commands.entries()) {
      if (!mayNeedId(command) || command.type !== "Patient") continue;
      const id = newPatientId(now, this.visit.random(10));
      ids[at] = id;
      if (command.fullUrl !== undefined) homes.set(command.fullUrl, homeOf(id));
    }
    for (const [at, command] of this.commands.entries()) {
      if (mayNeedId(command) && command.type !== "Patient")
        ids[at] = newId(likelyHome(command.resource, homes), now, this.visit.random(10));
    }
    return ids;
  }

  private rewriter(names: ReadonlyMap<string, string>): (text: string) => string | undefined {
    const own = `${this.visit.base}/`;
    return (text) => names.get(text) ?? (text.startsWith(own) ? text.slice(own.length) : undefined);
  }
}

const MOST_LOOKS = 5;

/** The current versions of what the commands name, by `Type/id`. */
function readCurrent(tx: WriteTx, settled: readonly Settled[]): Promise<ReadonlyMap<string, CurrentRow>> {
  const wanted = new Map<string, string[]>();
  for (const { command } of settled) if (command.kind !== "create") addTo(wanted, command.type, command.id);
  return tx.readAll(new Map([...wanted].map(([type, ids]) => [type, new Set(ids)])));
}

function addTo<T>(lists: Map<string, T[]>, name: string, one: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [one]);
  else list.push(one);
}

/** True for what is created, or will be when nothing meets its criteria. */
function mayNeedId(command: Command): command is Extract<Command, { kind: "create" | "update" }> {
  if (command.kind === "create") return true;
  return command.kind === "update" && isConditional(command) && command.resource["id"] === undefined;
}

const RESTFUL_TAIL = /\/([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})$/;

/** What an entry is called inside its bundle: its full URL, and that URL's `Type/id` where references are relative. */
function nameEntry(names: Map<string, string>, command: SettledCommand, means: string): void {
  const fullUrl = "fullUrl" in command ? command.fullUrl : undefined;
  if (fullUrl === undefined) return;
  names.set(fullUrl, means);
  const tail = RESTFUL_TAIL.exec(fullUrl)?.[1];
  if (tail !== undefined) names.set(tail, means);
}

function likelyHome(resource: JsonObject, homes: ReadonlyMap<string, number>): number {
  for (const text of referencesIn(resource)) {
    const known =
      homes.get(text) ??
      (text.startsWith("Patient/") ? homeOf(text.slice("Patient/".length).split("/")[0] ?? "") : undefined);
    if (known !== undefined) return known;
  }
  return 0;
}

/** Errors: BUNDLE_OVERLAP when a resource, or a condition on which one is written, stands in two entries. */
function refuseOverlap(commands: readonly Command[]): void {
  const seen = new Set<string>();
  for (const command of commands) {
    const names = [nameOf(command) ?? ("fullUrl" in command ? command.fullUrl : undefined)];
    const criteria = criteriaOf(command);
    if (criteria !== undefined) names.push(conditionName(command.type, criteria));
    for (const name of names.filter((one) => one !== undefined)) {
      if (seen.has(name)) throw fhirErrorAt("BUNDLE_OVERLAP", command.where, name.replace(/\?.*/s, "?…"));
      seen.add(name);
    }
  }
}

/** Unless it is looked at closely, a broken reference is only known to be there when the transaction is refused. */
async function refuseBrokenReferences({ tx, drafts, deleted }: Run, isClose: boolean): Promise<void> {
  await refuseReferencedDeletions(tx, deleted);
  const referrers = drafts.map(({ resource, command }) => ({ targets: localTargets(resource), where: command.where }));
  const isKnownToBreak = referrers.some(({ targets }) => targets.some(isUnresolved));
  await (isClose || isKnownToBreak ? refuseDanglingReferences(tx, referrers) : demandReferences(tx, referrers));
}
