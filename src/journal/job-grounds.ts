/**
 * On which grounds long work goes on, and to whom it shows what it gave. Grounds are those of the moment: never more than
 * what the work was asked for with, and never what has been withdrawn since.
 *
 * SPEC JRN-JOB-3 JRN-JOB-4
 */
import {
  commonScopes,
  decide,
  parseScopes,
  type Actor,
  type ClientActor,
  type PersonActor,
  type Scope,
  type Verb,
} from "../access/index.ts";
import { fhirErrorWith, RESOURCE_TYPES, type FhirError } from "../fhir/index.ts";
import type { ClaimedJob, StoredJob } from "../store/index.ts";
import { Standings } from "./assignments.ts";
import { authorize, recordRefusal } from "./authorize.ts";
import { groundsForLog } from "./access-log/search-log.ts";
import { today, type JournalOptions, type Visit } from "./context.ts";
import { actorFrom } from "./job-actor.ts";

const WITHDRAWN = "Den som bad om arbetet har inte längre någon behörighet.";
const NOT_COVERED = "Svaret togs fram med en vidare behörighet än den som frågar nu.";

/**
 * The visit in which a job works at this moment: a client with the scopes that it had and that its valid tokens still
 * have, a person as long as there is a session under the same assignment and the directory has it. Errors: FORBIDDEN when nothing is left.
 */
export async function visitOfJob(options: JournalOptions, job: ClaimedJob): Promise<Visit> {
  const asked = actorFrom(job.actor);
  const visit = { ...options, actor: asked, request: `job ${job.id.slice(0, 12)}` };
  const actor = await actorNow(options, asked);
  if (actor !== undefined) return { ...visit, actor };
  await recordRefusal(visit, "job", WITHDRAWN, [`$${job.kind}`]);
  throw refusal(
    WITHDRAWN,
    "Whoever asked for the work has no valid access any more. It was ended; its files are gone.",
  );
}

/** Nobody at the patient's door has long work. */
async function actorNow(options: JournalOptions, asked: Actor): Promise<Actor | undefined> {
  if (asked.kind === "patient") return undefined;
  return asked.kind === "client" ? clientNow(options, asked) : personNow(options, asked);
}

async function clientNow({ store }: JournalOptions, client: ClientActor): Promise<Actor | undefined> {
  const texts = await store.scopesOfClient(client.name);
  const scopes = commonScopes(
    client.scopes,
    texts.flatMap((text) => parseScopes(text) ?? []),
  );
  return scopes.length === 0 ? undefined : { ...client, scopes };
}

async function personNow({ store, clock }: JournalOptions, person: PersonActor): Promise<Actor | undefined> {
  const found = await store.sessionOf(person.id, person.assignment.id);
  return found === undefined ? undefined : new Standings(store, clock).now(found.actor as PersonActor);
}

/**
 * Decides again whether what a job gives may be shown, on the grounds of whoever asks now. A job that has failed gives
 * nothing but its reason. Errors: FORBIDDEN, logged.
 */
export async function authorizeResult(visit: Visit, job: StoredJob): Promise<void> {
  if (job.state === "failed") return;
  if (job.kind === "export") {
    const { types } = job.request as { readonly types: readonly string[] };
    for (const type of types) await authorize(visit, "search", type, `${type}/$export`);
  } else if (job.kind === "import") await refuseUnlessWriter(visit);
  else if (job.kind === "sample") await groundsForLog(visit, "search");
  else await refuseUnlessCovered(visit, job);
}

/** Errors: FORBIDDEN when the actor may put resources of no type. */
export async function refuseUnlessWriter(visit: Visit): Promise<void> {
  const day = today(visit);
  const mayPut = RESOURCE_TYPES.some((type) =>
    (["create", "update"] as const).every(
      (interaction) => "grounds" in decide(visit.actor, { interaction, type, today: day }),
    ),
  );
  if (!mayPut) await authorize(visit, "update", "*", "$import");
}

const READING: readonly Verb[] = ["r", "s"];

/** What a request may have looked at is not known afterwards: whoever fetches its answer may read all that it could. */
async function refuseUnlessCovered(visit: Visit, job: StoredJob): Promise<void> {
  const asked = actorFrom(job.actor);
  const { actor } = visit;
  if (actor.kind !== "client") return void (await authorize(visit, "search", "Patient", "$jobs"));
  const isCovered = (verb: Verb, { type }: Scope): boolean =>
    actor.scopes.some((one) => (one.type === "*" || one.type === type) && one.verbs.has(verb));
  const scopes = asked.kind === "client" ? asked.scopes : [];
  if (scopes.every((scope) => READING.every((verb) => !scope.verbs.has(verb) || isCovered(verb, scope)))) return;
  await recordRefusal(visit, "read job", NOT_COVERED, ["$jobs"]);
  throw refusal(NOT_COVERED, "The answer was made with wider access than that of whoever asks now.");
}

function refusal(sv: string, en: string): FhirError {
  return fhirErrorWith("FORBIDDEN", [{ severity: "error", code: "forbidden", sv, en }]);
}
