/**
 * Judging resources: by R4, by the profiles that they claim or that are asked for, and by terminology. On a write what is
 * wrong refuses it; `$validate` tells everything and changes nothing. A stored resource is read like any other first.
 *
 * SPEC JRN-VALIDATE · https://hl7.org/fhir/R4/resource-operation-validate.html
 */
import { reachSetting, type Grounds, type Interaction } from "../access/index.ts";
import {
  codeIssue,
  FhirError,
  fhirErrorAt,
  fhirErrorWith,
  isError,
  isResourceType,
  isSubset,
  parseJson,
  validateResource,
  type CodeQuestion,
  type Issue,
  type JsonObject,
  type ProfileSet,
} from "../fhir/index.ts";
import type { TerminologyTables, WriteTx } from "../store/index.ts";
import { Budget, canonicalOf, Library, TermCache, validateInValueSet } from "../terminology/index.ts";
import { authorize } from "./authorize.ts";
import { groundText, logEntry, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { refuseReferencedDeletions } from "./integrity.ts";
import { activeProfiles } from "./profiles.ts";
import { readResource } from "./read.ts";

export type ValidateMode = "create" | "update" | "delete" | "profile";

export type ValidateAsk = {
  readonly type: string;
  /** Of the resource that the operation was called on. */
  readonly id: string | undefined;
  /** What was sent; without it the stored resource is judged. */
  readonly resource: JsonObject | undefined;
  readonly mode: ValidateMode | undefined;
  readonly profiles: readonly string[];
};

/** A resource on its way into a version, and where it stands in the request. */
export type Judged = { readonly resource: JsonObject; readonly command: { readonly where: string } };

/** Refuses what breaks a profile that it claims. Errors: INVALID with every error, each at its place in the request. */
export async function refuseUnconforming(tx: WriteTx, profiles: ProfileSet, all: readonly Judged[]): Promise<void> {
  const ask = asker(tx.terminology, profiles);
  for (const { resource, command } of all) {
    if (!profiles.hasClaims(resource)) continue;
    const { issues, questions } = profiles.judge(resource, { isErrorsOnly: true });
    const required = questions.filter(({ strength }) => strength === "required");
    const wrong = [...issues, ...(await answers(required, ask))].filter(isError);
    if (wrong.length > 0)
      throw fhirErrorWith(
        "INVALID",
        wrong.map((issue) => placed(issue, command.where)),
      );
  }
}

function placed(issue: Issue, where: string): Issue {
  return { ...issue, expression: issue.expression?.replace(/^[A-Za-z]+/, where) ?? where };
}

/** Everything that is to be said of a resource; nothing when all is well. Errors: FORBIDDEN, NOT_FOUND, GONE. */
export async function validateFor(visit: Visit, ask: ValidateAsk): Promise<Disclosed<readonly Issue[]>> {
  const { type, id, resource, mode } = ask;
  const what = `${id === undefined ? type : `${type}/${id}`}/$validate`;
  const grounds = await authorize(visit, INTERACTION[mode ?? "profile"], type, what);
  if (resource !== undefined)
    return record(visit, { grounds, what }, await judged(visit, grounds, { ...ask, resource }));
  const stored = await readResource(visit, type, id ?? "");
  const text = parseJson(stored.value.content) as JsonObject;
  const issues =
    mode === "delete" ? await deletion(visit, grounds, ask) : await judged(visit, grounds, { ...ask, resource: text });
  return disclose(issues);
}

const INTERACTION: Readonly<Record<ValidateMode, Interaction>> = {
  create: "create",
  update: "update",
  delete: "delete",
  profile: "read",
};

async function judged(
  visit: Visit,
  grounds: Grounds,
  { type, id, resource, mode, profiles: wanted }: ValidateAsk & { readonly resource: JsonObject },
): Promise<readonly Issue[]> {
  const profiles = await activeProfiles(visit.store);
  const found = isResourceType(resource["resourceType"])
    ? profiles.judge(resource, { profiles: wanted })
    : { issues: [], questions: [] };
  const answered = await visit.store.read(reachSetting(grounds.reach), ({ terminology }) =>
    answers(found.questions, asker(terminology, profiles)),
  );
  const own = validateResource(resource, { hasWarnings: true });
  return [...identity({ type, id, resource, mode }), ...own, ...found.issues, ...answered];
}

/** What a write would refuse the resource for besides its contents. */
function identity({
  type,
  id,
  resource,
  mode,
}: Omit<ValidateAsk, "profiles"> & { readonly resource: JsonObject }): Issue[] {
  const faults: FhirError[] = [];
  if (resource["resourceType"] !== type) faults.push(fhirErrorAt("TYPE_MISMATCH", `${type}.resourceType`, type));
  const own = resource["id"];
  const isUpdate = mode === "update" || (id !== undefined && mode === undefined);
  if (isUpdate && own === undefined) faults.push(fhirErrorAt("ID_MISSING", `${type}.id`));
  else if (id !== undefined && own !== undefined && own !== id) faults.push(fhirErrorAt("ID_MISMATCH", `${type}.id`));
  if (isUpdate && isSubset(resource)) faults.push(fhirErrorAt("SUBSETTED", `${type}.meta.tag`));
  return faults.flatMap(({ issues }) => issues);
}

/** Whether it could be deleted, as far as references go. The transaction writes nothing. */
async function deletion(visit: Visit, grounds: Grounds, { type, id = "" }: ValidateAsk): Promise<readonly Issue[]> {
  if (!visit.referentialIntegrity) return [];
  try {
    await visit.store.write(reachSetting(grounds.reach), async (tx) => {
      const rows = await tx.readMany(type, [id]);
      await refuseReferencedDeletions(
        tx,
        rows.map((row) => ({ type, row })),
      );
    });
    return [];
  } catch (error) {
    if (error instanceof FhirError && error.code === "REFERENCE_IN_USE") return error.issues;
    throw error;
  }
}

async function record(
  visit: Visit,
  { grounds, what }: { readonly grounds: Grounds; readonly what: string },
  issues: readonly Issue[],
): Promise<Disclosed<readonly Issue[]>> {
  const act = { action: "operation", outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess([logEntry(visit, act, { home: 0, patient: null, what: [what] })]);
  return disclose(issues);
}

type Ask = (question: CodeQuestion) => Promise<boolean | undefined>;

async function answers(questions: readonly CodeQuestion[], ask: Ask): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const question of questions) {
    const issue = codeIssue(question, await ask(question));
    if (issue !== undefined) issues.push(issue);
  }
  return issues;
}

/** Most questions of one request that are put to terminology; the rest stay unanswered. */
const MOST_QUESTIONS = 500;

/**
 * Asks whether one of the codes is in the value set: first what the profiles themselves know, then terminology. What is
 * not known here, or would take too much, is no answer. The same question is asked once.
 */
function asker(tables: TerminologyTables, profiles: ProfileSet): Ask {
  const library = new Library(tables, new TermCache());
  const known = new Map<string, boolean | undefined>();
  return async (question) => {
    const listed = profiles.listedAnswer(question);
    if (listed !== undefined) return listed;
    const key = JSON.stringify([question.valueSet, question.codes]);
    if (!known.has(key) && known.size < MOST_QUESTIONS) known.set(key, await askTerminology(library, question));
    return known.get(key);
  };
}

async function askTerminology(library: Library, { valueSet, codes }: CodeQuestion): Promise<boolean | undefined> {
  const set = await orUnknown(() => library.valueSet(canonicalOf(valueSet)));
  if (set === undefined) return undefined;
  const scope = { library, budget: new Budget(() => performance.now()), languages: [] };
  const found: (boolean | undefined)[] = [];
  for (const code of codes) {
    const answer = await orUnknown(() => validateInValueSet(scope, set, [{ ...code, display: undefined }], undefined));
    const result = answer?.parameter?.find(({ name }) => name === "result")?.valueBoolean;
    if (result === true) return true;
    found.push(result);
  }
  return found.includes(undefined) ? undefined : false;
}

/** What terminology refuses to answer (it knows no such thing, or it takes too much) is not known. */
async function orUnknown<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FhirError && error.status < 500) return undefined;
    throw error;
  }
}
