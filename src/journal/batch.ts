/**
 * One transaction's worth of commands on their way into the database: conditions are resolved, ids given, references
 * rewritten and checked, then rows are written type by type.
 *
 * SPEC JRN-BATCH · https://hl7.org/fhir/R4/http.html#trules
 */
import type { Grounds } from "../access/index.ts";
import { isDirectory } from "../access/index.ts";
import { homeOf, newId, newPatientId } from "../base/index.ts";
import { applyJsonPatch, fhirError, fhirErrorAt, parseJson, type JsonObject } from "../fhir/index.ts";
import { extractKeys } from "../search/index.ts";
import type { Change, CurrentRow, NewRow, WriteTx } from "../store/index.ts";
import type { Command, CreateCommand, PatchCommand, UpdateCommand, Written } from "./commands.ts";
import { composeVersion } from "./compose.ts";
import { matchCondition, matchOne, type Asker } from "./conditional.ts";
import type { Visit } from "./context.ts";
import type { Hit } from "./hits.ts";
import { refuseDanglingReferences, refuseReferencedDeletions } from "./integrity.ts";
import { conditionalReferencesIn, localTargets, referencesIn, rewriteReferences } from "./references.ts";
import { refuseBadResource, refuseInvalid } from "./refusals.ts";

export type LoggedHit = Hit & { readonly action: "create" | "update" | "delete" | "read" };
export type BatchResult = { readonly written: Written[]; readonly changes: Change[]; readonly hits: LoggedHit[] };

/** A resource about to become a version. */
type Draft = {
  readonly at: number;
  readonly command: CreateCommand | UpdateCommand | PatchCommand;
  readonly id: string;
  resource: JsonObject;
  readonly current: CurrentRow | undefined;
};

/** What one run of a batch builds up; a run that is tried again begins with a new one. */
type Run = {
  readonly tx: WriteTx;
  readonly current: ReadonlyMap<string, CurrentRow>;
  /** What the entries are called inside their bundle, and what that means here. */
  readonly names: Map<string, string>;
  readonly drafts: Draft[];
  readonly result: BatchResult;
};

export class Batch {
  private readonly visit: Visit;
  private readonly asker: Asker;
  private readonly commands: readonly Command[];
  private readonly newIds: readonly (string | undefined)[];

  /** Checks every resource before anything is touched. Errors: INVALID, ID_MISMATCH, BUNDLE_OVERLAP. */
  constructor(visit: Visit, grounds: Grounds, commands: readonly Command[]) {
    this.visit = visit;
    this.asker = { visit, grounds };
    this.commands = commands;
    for (const command of commands) refuseBadResource(command);
    refuseOverlap(commands);
    this.newIds = this.giveIds();
  }

  /** The home under which an idempotency key of this batch is kept. */
  firstHome(): number {
    const [first] = this.commands;
    if (first?.kind !== "create") return first === undefined ? 0 : homeOf(first.id);
    return 0;
  }

  asked(): string {
    return this.commands.map(({ kind, type }) => `${kind} ${type}`).join(", ");
  }

  async run(tx: WriteTx): Promise<BatchResult> {
    const current = await this.readCurrent(tx);
    const run: Run = { tx, current, names: new Map(), drafts: [], result: { written: [], changes: [], hits: [] } };
    for (const [at, command] of this.commands.entries()) {
      if (command.kind === "create") await this.draftCreate(run, at, command);
      else this.draftChange(run, at, command);
    }
    for (const draft of run.drafts) draft.resource = rewriteReferences(draft.resource, this.rewriter(run.names));
    await this.deleteAll(run);
    await this.writeDrafts(run);
    return run.result;
  }

  private async readCurrent(tx: WriteTx): Promise<Map<string, CurrentRow>> {
    const wanted = new Map<string, string[]>();
    for (const command of this.commands) {
      if (command.kind === "create") continue;
      const ids = wanted.get(command.type) ?? [];
      wanted.set(command.type, [...ids, command.id]);
    }
    const found = new Map<string, CurrentRow>();
    for (const [type, ids] of wanted) {
      for (const row of await tx.readMany(type, ids)) found.set(`${type}/${row.id}`, row);
    }
    return found;
  }

  private async draftCreate({ tx, names, drafts, result }: Run, at: number, command: CreateCommand): Promise<void> {
    const existing =
      command.ifNoneExist === undefined
        ? undefined
        : await matchCondition(tx, this.asker, command.type, command.ifNoneExist);
    const id = existing?.id ?? this.newIds[at] ?? "";
    nameEntry(names, command, `${command.type}/${id}`);
    if (existing === undefined) {
      drafts.push({ at, command, id, resource: command.resource, current: undefined });
      return;
    }
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

  private draftChange(run: Run, at: number, command: Exclude<Command, CreateCommand>): void {
    const { names, drafts } = run;
    const current = run.current.get(`${command.type}/${command.id}`);
    refuseUnlessMatching(command.ifMatch, current, command.kind);
    if (command.kind === "delete") return;
    nameEntry(names, command, `${command.type}/${command.id}`);
    if (command.kind === "update") {
      drafts.push({ at, command, id: command.id, resource: command.resource, current });
      return;
    }
    if (current === undefined) throw fhirError("NOT_FOUND");
    const resource = applyJsonPatch(parseJson(current.content), command.operations) as JsonObject;
    if (resource["id"] !== command.id) throw fhirErrorAt("ID_MISMATCH", `${command.type}.id`);
    refuseInvalid(resource, command);
    drafts.push({ at, command, id: command.id, resource, current });
  }

  private async deleteAll({ tx, current, result }: Run): Promise<void> {
    const deleted: { type: string; row: CurrentRow }[] = [];
    for (const [at, command] of this.commands.entries()) {
      if (command.kind !== "delete") continue;
      const row = current.get(`${command.type}/${command.id}`);
      const lastUpdated = this.visit.clock().toISOString();
      result.written[at] = {
        outcome: row === undefined ? "absent" : "deleted",
        type: command.type,
        id: command.id,
        version: (row?.version ?? 0) + 1,
        lastUpdated,
        content: null,
      };
      if (row === undefined) continue;
      await tx.remove(command.type, row, lastUpdated);
      deleted.push({ type: command.type, row });
      result.changes.push(changeOf(command.type, { ...row, version: row.version + 1 }, "delete", lastUpdated));
      result.hits.push({
        action: "delete",
        type: command.type,
        id: row.id,
        version: row.version + 1,
        patient: row.patient,
      });
    }
    if (this.visit.referentialIntegrity) await refuseReferencedDeletions(tx, deleted);
  }

  /** Writes drafts whose references are settled, then those that had to wait for them to be found by a search. */
  private async writeDrafts({ tx, drafts, names, result }: Run): Promise<void> {
    const waiting = drafts.filter(({ resource }) => conditionalReferencesIn(resource).length > 0);
    await this.writeRows(
      tx,
      drafts.filter((draft) => !waiting.includes(draft)),
      result,
    );
    for (const draft of waiting) {
      for (const text of conditionalReferencesIn(draft.resource)) {
        if (!names.has(text)) names.set(text, await matchOne(tx, this.asker, text, draft.command.where));
      }
      draft.resource = rewriteReferences(draft.resource, this.rewriter(names));
    }
    await this.writeRows(tx, waiting, result);
    if (this.visit.referentialIntegrity) {
      await refuseDanglingReferences(
        tx,
        drafts.map(({ resource, command }) => ({ targets: localTargets(resource), where: command.where })),
      );
    }
  }

  private async writeRows(tx: WriteTx, drafts: readonly Draft[], result: BatchResult): Promise<void> {
    const inserts = new Map<string, NewRow[]>();
    for (const draft of drafts) {
      const row = await this.versionOf(tx, draft, result);
      if (row === undefined) continue;
      if (draft.current !== undefined) await tx.replace(row);
      else {
        const rows = inserts.get(row.type);
        if (rows === undefined) inserts.set(row.type, [row]);
        else rows.push(row);
      }
    }
    for (const [type, rows] of inserts) await tx.insert(type, rows);
  }

  /** The new version's row, or nothing when the update says what is there already. */
  private async versionOf(tx: WriteTx, draft: Draft, result: BatchResult): Promise<NewRow | undefined> {
    const { command, id, resource, current } = draft;
    const { type } = command;
    if (current !== undefined && isUnchanged(resource, id, current)) {
      const { lastUpdated } = metaOf(current.content);
      result.written[draft.at] = {
        outcome: "unchanged",
        type,
        id,
        version: current.version,
        lastUpdated,
        content: current.content,
      };
      result.hits.push({ action: "read", type, id, version: current.version, patient: current.patient });
      return undefined;
    }
    const deleted = current === undefined && command.kind === "update" ? await tx.readLastVersion(type, id) : undefined;
    const version = (current ?? deleted)?.version ?? 0;
    const lastUpdated = this.visit.clock().toISOString();
    const content = composeVersion(resource, id, version + 1, lastUpdated);
    const keys = extractKeys(type, { ...resource, id }, { base: this.visit.base });
    const home = keys.patient === null ? 0 : homeOf(keys.patient);
    const owner = this.ownerOf(command, current ?? deleted, keys.patient);
    const row: NewRow = { type, home, id, version: version + 1, lastUpdated, ...owner, content, keys };
    const method = current === undefined ? "create" : "update";
    result.written[draft.at] = {
      outcome: method === "create" ? "created" : "updated",
      type,
      id,
      version: row.version,
      lastUpdated,
      content,
    };
    result.changes.push({
      home,
      type,
      id,
      version: row.version,
      method,
      recorded: lastUpdated,
      patient: keys.patient,
      ...owner,
    });
    result.hits.push({ action: method, type, id, version: row.version, patient: keys.patient });
    return row;
  }

  /** Ownership is given once and never changes. What belongs to no patient and is directory data is nobody's. */
  private ownerOf(
    command: Command,
    before: { care_provider: string | null; care_unit: string | null } | undefined,
    patient: string | null,
  ): { careProvider: string | null; careUnit: string | null } {
    if (before !== undefined) return { careProvider: before.care_provider, careUnit: before.care_unit };
    if (patient === null && isDirectory(command.type)) return { careProvider: null, careUnit: null };
    const { actor } = this.visit;
    if (actor.kind === "person")
      return { careProvider: actor.assignment.providerHsaId, careUnit: actor.assignment.unitHsaId };
    return command.owner ?? { careProvider: actor.careProvider, careUnit: actor.careUnit };
  }

  /** New patients first: what is created together with them gets ids that carry their home. */
  private giveIds(): (string | undefined)[] {
    const now = this.visit.clock().getTime();
    const ids: (string | undefined)[] = [];
    const homes = new Map<string, number>();
    for (const [at, command] of this.commands.entries()) {
      if (command.kind !== "create" || command.type !== "Patient") continue;
      const id = newPatientId(now, this.visit.random(10));
      ids[at] = id;
      if (command.fullUrl !== undefined) homes.set(command.fullUrl, homeOf(id));
    }
    for (const [at, command] of this.commands.entries()) {
      if (command.kind === "create" && command.type !== "Patient")
        ids[at] = newId(likelyHome(command.resource, homes), now, this.visit.random(10));
    }
    return ids;
  }

  private rewriter(names: ReadonlyMap<string, string>): (text: string) => string | undefined {
    const own = `${this.visit.base}/`;
    return (text) => names.get(text) ?? (text.startsWith(own) ? text.slice(own.length) : undefined);
  }
}

const RESTFUL_TAIL = /\/([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})$/;

/** What an entry is called inside its bundle: its full URL, and that URL's `Type/id` where references are relative. */
function nameEntry(names: Map<string, string>, command: Command, means: string): void {
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

function refuseOverlap(commands: readonly Command[]): void {
  const seen = new Set<string>();
  for (const command of commands) {
    const name = command.kind === "create" ? command.fullUrl : `${command.type}/${command.id}`;
    if (name !== undefined && seen.has(name)) throw fhirErrorAt("BUNDLE_OVERLAP", command.where, name);
    if (name !== undefined) seen.add(name);
  }
}

function refuseUnlessMatching(
  ifMatch: string | undefined,
  current: CurrentRow | undefined,
  kind: Command["kind"],
): void {
  if (ifMatch === undefined) return;
  if (current === undefined && kind === "patch") return; // not found says more
  if (current === undefined || String(current.version) !== ifMatch) throw fhirError("VERSION_CONFLICT");
}

function isUnchanged(resource: JsonObject, id: string, current: CurrentRow): boolean {
  return composeVersion(resource, id, current.version, metaOf(current.content).lastUpdated) === current.content;
}

const LAST_UPDATED = /"lastUpdated":"([^"]+)"/;

/** The server's time in a stored text; it stands first in the text's meta. */
function metaOf(content: string): { lastUpdated: string } {
  return { lastUpdated: LAST_UPDATED.exec(content)?.[1] ?? "" };
}

function changeOf(type: string, row: Omit<CurrentRow, "content">, method: "delete", recorded: string): Change {
  return {
    home: row.home,
    type,
    id: row.id,
    version: row.version,
    method,
    recorded,
    patient: row.patient,
    careProvider: row.care_provider,
    careUnit: row.care_unit,
  };
}
