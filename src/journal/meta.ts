/**
 * Profiles, security labels and tags: which are in use, and putting them on a resource or taking them off. As R4 has it,
 * that makes no new version: the labels of the current version are changed in place, and the access log says which.
 *
 * SPEC HTTP-META · https://hl7.org/fhir/R4/resource-operation-meta-add.html
 */
import { reachSetting } from "../access/index.ts";
import { maskIdentityNumbers } from "../base/index.ts";
import {
  RESOURCE_TYPES,
  fhirErrorAt,
  isJsonObject,
  isProtectionLabel,
  listOf,
  parseJson,
  writeJson,
  type JsonObject,
  type JsonValue,
  type ProfileSet,
} from "../fhir/index.ts";
import { compileLabels, extractKeys } from "../search/index.ts";
import type { CurrentRow, WriteTx } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { recordAccess } from "./commit.ts";
import { groundText, logEntry, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { predicateFor } from "./predicate.ts";
import { forgetProtected, showingFor } from "./protected.ts";
import { refuseMissing, type Missing } from "./read.ts";
import { activeProfiles } from "./profiles.ts";
import { refuseInvalid } from "./refusals.ts";
import { refuseLocked } from "./signing/lock.ts";
import { isSignable } from "./signing/signable.ts";
import { refuseUnconforming } from "./validate.ts";

const MOST_ROWS = 20_000;
const PARTS = ["profile", "security", "tag"] as const;

export type MetaChange = {
  readonly kind: "add" | "delete";
  readonly type: string;
  readonly id: string;
  readonly meta: JsonObject;
};

/** The labels in use on a type, or on everything, as a Meta. Errors: FORBIDDEN, SEARCH_TOO_COSTLY. */
export async function readLabels(visit: Visit, type: string | undefined): Promise<Disclosed<JsonObject>> {
  const asked = type === undefined ? "$meta" : `${type}/$meta`;
  const grounds = await authorize(visit, "search", type ?? "*", asked);
  const types = type === undefined ? RESOURCE_TYPES : [type];
  const statement = compileLabels(types, MOST_ROWS + 1, predicateFor(visit, grounds));
  const rows = await visit.store.read(reachSetting(grounds.reach), (look) => look.search(statement));
  const looked = Number(rows.find((row) => row["part"] === "rows")?.["label"] ?? 0);
  if (looked > MOST_ROWS) throw fhirErrorAt("SEARCH_TOO_COSTLY", "$meta", `> ${MOST_ROWS}`);
  const labels = PARTS.map((part): [string, JsonValue[]] => {
    const found = rows.filter((row) => row["part"] === part).map((row) => parseJson(String(row["label"])));
    return [part, [...new Map(found.map((label) => [identityOf(label), label])).values()]];
  });
  const act = { action: "search", outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess(entriesByPatient(visit, act, [], [asked]));
  return disclose(Object.fromEntries(labels.filter(([, some]) => some.length > 0)));
}

/**
 * Adds labels to the current version or takes them off; what is there already, or is not there, changes nothing. Answers
 * the Meta as it is then. Errors: NOT_FOUND, GONE, FORBIDDEN, INVALID.
 */
export async function changeMeta(visit: Visit, change: MetaChange): Promise<Disclosed<JsonObject>> {
  const { type, id, kind } = change;
  const asked = `${type}/${id}`;
  const grounds = await authorize(visit, "update", type, asked);
  await authorize(visit, "read", type, asked);
  const act = { action: `meta-${kind}`, outcome: "granted", ground: groundText(grounds) } as const;
  // Only a profile that is added is asked for: another label changes nothing about what the resource is.
  const isClaim = kind === "add" && change.meta["profile"] !== undefined;
  const profiles = isClaim ? await activeProfiles(visit.store) : undefined;
  const showing = await showingFor(visit);
  const done = await visit.store.write(reachSetting(grounds.reach), async (tx): Promise<Changed | Missing> => {
    await tx.lock([asked]);
    const current = await tx.read(type, id);
    if (current === undefined) return { deletion: await tx.readLastVersion(type, id) };
    const { resource, changed } = changedResource(current, change, showing.hides(patientOf(type, current)));
    if (changed.length > 0 && isSignable(type)) await refuseLocked(visit, tx, { type, row: current, where: asked });
    if (changed.length > 0) await relabel(visit, tx, { type, current, resource, profiles });
    const name = `${asked}/_history/${current.version}`;
    const what = [name, ...changed.map((one) => `${name} ${maskIdentityNumbers(one)}`)];
    await recordAccess(tx, visit, [logEntry(visit, act, { home: current.home, patient: current.patient, what })]);
    return { meta: resource["meta"] as JsonObject };
  });
  forgetProtected(visit.store);
  return "meta" in done ? disclose(done.meta) : refuseMissing(visit, act.action, asked, done.deletion);
}

type Changed = { readonly meta: JsonObject };
type Relabelled = {
  readonly type: string;
  readonly current: CurrentRow;
  readonly resource: JsonObject;
  readonly profiles: ProfileSet | undefined;
};

async function relabel(visit: Visit, tx: WriteTx, { type, current, resource, profiles }: Relabelled): Promise<void> {
  refuseInvalid(resource, { type, where: type });
  if (profiles !== undefined) await refuseUnconforming(tx, profiles, [{ resource, command: { where: type } }]);
  const { home, id, version, care_provider: careProvider, care_unit: careUnit } = current;
  const { lastUpdated } = resource["meta"] as { lastUpdated: string };
  const keys = extractKeys(type, resource, { base: visit.base });
  await tx.relabel({
    type,
    home,
    id,
    version,
    lastUpdated,
    careProvider,
    careUnit,
    content: writeJson(resource),
    keys,
  });
}

/** The resource with its labels changed, and the changes in words for the log. */
function changedResource(
  { content }: CurrentRow,
  { kind, meta: asked }: MetaChange,
  isHidden: boolean,
): { readonly resource: JsonObject; readonly changed: readonly string[] } {
  const resource = parseJson(content) as JsonObject;
  const before = isJsonObject(resource["meta"]) ? resource["meta"] : {};
  const meta: Record<string, JsonValue | undefined> = { ...before };
  const changed: string[] = [];
  for (const part of PARTS) {
    const there = new Map(listOf(before[part]).map((label) => [identityOf(label), label]));
    for (const label of listOf(asked[part])) {
      const name = identityOf(label);
      if (there.has(name) === (kind === "add")) continue;
      // A protection is taken off by whoever may see what it protects.
      if (isHidden && kind === "delete" && isProtectionLabel(label)) throw fhirErrorAt("PROTECTED_IDENTITY", "meta");
      if (kind === "add") there.set(name, label);
      else there.delete(name);
      changed.push(`${kind === "add" ? "+" : "-"}${part} ${name}`);
    }
    meta[part] = there.size === 0 ? undefined : [...there.values()];
  }
  return { resource: { ...resource, meta }, changed };
}

function patientOf(type: string, { id, patient }: CurrentRow): string | null {
  return type === "Patient" ? id : patient;
}

/** A profile is the same by its whole address; a label by system and code, whatever its version and display. */
function identityOf(label: JsonValue): string {
  if (!isJsonObject(label)) return typeof label === "string" ? label : writeJson(label);
  const { system, code } = label;
  return `${typeof system === "string" ? system : ""}|${typeof code === "string" ? code : ""}`;
}
