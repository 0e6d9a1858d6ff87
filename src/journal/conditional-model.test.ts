import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FhirError } from "../fhir/index.ts";
import { commit, type Command } from "./index.ts";
import {
  asCreate,
  asDelete,
  asPatch,
  asUpdate,
  identified,
  journalOfTest,
  patient,
  wherever,
} from "./testing/index.ts";

/** What a request is made of: one of three identifiers, under one of two ids or none. */
type Step = {
  readonly kind: "create" | "update" | "patch" | "delete";
  /** The identifier that is sought, or nothing: then the resource is named by `id`. */
  readonly sought: number | undefined;
  readonly id: number | undefined;
  readonly identifier: number;
};

const IDS = 2;
const IDENTIFIERS = 3;

/** The patients that are there: identifier and mark by id. */
type State = Map<string, { identifier: number; mark: number }>;

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom("create", "update", "patch", "delete"),
    sought: fc.option(fc.nat(IDENTIFIERS - 1), { nil: undefined, freq: 2 }),
    id: fc.option(fc.nat(IDS - 1), { nil: undefined, freq: 3 }),
    identifier: fc.nat(IDENTIFIERS - 1),
  }),
  { minLength: 1, maxLength: 3 },
);

function commandOf({ kind, sought, id, identifier }: Step, mark: number): Command {
  const name = id === undefined ? undefined : `id${id}`;
  const criteria = sought === undefined ? undefined : `identifier=urn:test:m|${sought}`;
  const resource = patient(name, { ...identified("m", String(identifier)), multipleBirthInteger: mark });
  if (kind === "create") return asCreate(patient(undefined, { ...resource, id: undefined }), { ifNoneExist: criteria });
  if (kind === "update") {
    if (criteria !== undefined) return wherever(asUpdate(resource), criteria);
    return asUpdate({ ...resource, id: name ?? "id0" });
  }
  const where = `Patient/${name ?? "id0"}`;
  const change =
    kind === "delete" ? asDelete(where) : asPatch(where, [{ op: "add", path: "/multipleBirthInteger", value: mark }]);
  return criteria === undefined ? change : wherever(change, criteria);
}

class Refused extends Error {}

/** What R4 says of the request, in the fewest words: the state after it, or Refused. Ids that are given are `new…`. */
function after(before: State, request: readonly Step[], firstMark: number): State {
  const state: State = new Map(before);
  const meeting = (identifier: number, among: State): string[] =>
    [...among].filter(([, one]) => one.identifier === identifier).map(([id]) => id);
  const touched = new Set<string>();
  const conditions = new Set<number>();
  const touch = (id: string): void => {
    if (touched.has(id)) throw new Refused(`${id} twice`);
    touched.add(id);
  };
  const changes: (() => void)[] = [];
  for (const [at, { kind, sought, id, identifier }] of request.entries()) {
    const [mark, named] = [firstMark + at, id === undefined ? undefined : `id${id}`];
    if (sought !== undefined && conditions.has(sought)) throw new Refused("one condition twice");
    if (sought !== undefined) conditions.add(sought);
    if (kind === "create") continue;
    const found = sought === undefined ? [named ?? "id0"] : meeting(sought, before);
    if (kind === "delete") {
      for (const one of found) touch(one);
      for (const one of found) state.delete(one);
      continue;
    }
    if (found.length > 1) throw new Refused("several");
    const [one] = found;
    if (kind === "patch") {
      const current = one === undefined ? undefined : before.get(one);
      if (one === undefined || current === undefined) throw new Refused("nothing to patch");
      touch(one);
      changes.push(() => void state.set(one, { ...current, mark }));
      continue;
    }
    if (one !== undefined && sought !== undefined && named !== undefined && named !== one)
      throw new Refused("another id");
    if (one === undefined && named !== undefined && before.has(named)) throw new Refused("id taken");
    const target = one ?? named ?? `new${mark}`;
    touch(target);
    changes.push(() => void state.set(target, { identifier, mark }));
  }
  const creations: (() => void)[] = [];
  for (const [at, { kind, sought, identifier }] of request.entries()) {
    if (kind !== "create") continue;
    const found = sought === undefined ? [] : meeting(sought, state);
    if (found.length > 1) throw new Refused("several");
    if (found.some((one) => touched.has(one))) throw new Refused("changed by another");
    if (found.length === 0)
      creations.push(() => void state.set(`new${firstMark + at}`, { identifier, mark: firstMark + at }));
  }
  for (const change of [...changes, ...creations]) change();
  return state;
}

/** States are compared by what is under the callers' own ids, and by what else there is. */
function told(state: State): string[] {
  return [...state]
    .map(([id, { identifier, mark }]) => `${id.startsWith("id") ? id : "new"} ${identifier} ${mark}`)
    .toSorted();
}

test("JRN-CHANGE-1 requests of conditional and plain changes do what R4 says of them, or nothing", async (t) => {
  const journal = await journalOfTest(t);
  const now = async (): Promise<State> => {
    const rows = await journal.sql<{ id: string; content: string }>("SELECT id, content FROM patient");
    return new Map(
      rows.map(({ id, content }) => {
        const { identifier, multipleBirthInteger } = JSON.parse(content) as {
          identifier: { value: string }[];
          multipleBirthInteger: number;
        };
        return [id, { identifier: Number(identifier[0]?.value), mark: multipleBirthInteger }];
      }),
    );
  };
  const seed = 20261121;
  console.log(`seed ${seed}`);
  let mark = 0;
  const seen = { done: 0, refused: 0 };
  const doOne = async (request: readonly Step[]): Promise<void> => {
    const before = await now();
    const first = (mark += 10);
    const expected = expectation(before, request, first);
    const commands = request.map((step, at) => commandOf(step, first + at));
    const actual = await commit(journal.client(), commands).then(
      () => "done" as const,
      (error: unknown) => {
        assert.ok(error instanceof FhirError && error.status < 500, String(error));
        return "refused" as const;
      },
    );
    seen[actual] += 1;
    assert.equal(actual, expected === undefined ? "refused" : "done", JSON.stringify([told(before), request]));
    assert.deepEqual(told(await now()), told(expected ?? before), JSON.stringify([told(before), request]));
  };
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 8 }), async (requests) => {
      await journal.sql("TRUNCATE patient, history");
      for (const request of requests) await doOne(request);
    }),
    { seed, numRuns: 60, endOnFailure: true },
  );
  assert.ok(seen.done > 30 && seen.refused > 30, JSON.stringify(seen));
});

function expectation(before: State, request: readonly Step[], mark: number): State | undefined {
  try {
    return after(before, request, mark);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
