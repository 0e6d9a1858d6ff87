/** Rules of SPEC.md in this folder. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decide,
  isDirectory,
  parseScopes,
  predicateOf,
  reachSetting,
  type Actor,
  type Decision,
  type Interaction,
  type PersonActor,
  type Verb,
} from "./index.ts";

const TODAY = "2026-11-21";
const REACH = { kind: "provider", careProvider: "P1", careUnit: "U1", employee: "H1" } as const;
const INTERACTIONS: readonly Interaction[] = [
  "read",
  "vread",
  "history",
  "search",
  "create",
  "update",
  "patch",
  "delete",
];
const TYPES = ["Patient", "Observation", "Organization", "AuditEvent", "Bundle", "Composition", "*"];
const VERB: Readonly<Record<Interaction, Verb>> = {
  read: "r",
  vread: "r",
  history: "r",
  search: "s",
  create: "c",
  update: "u",
  patch: "u",
  delete: "d",
};

function person(assignment: Partial<PersonActor["assignment"]> = {}): PersonActor {
  const full = {
    id: "a",
    unit: "Medicinkliniken",
    unitHsaId: "U1",
    provider: "Region Västmark",
    providerHsaId: "P1",
    role: "Läkare",
    from: null,
    until: null,
    ...assignment,
  };
  return { kind: "person", id: "p", name: "Anna Ek", title: "Överläkare", hsaId: "H1", assignment: full };
}

function client(scope: string): Actor {
  return { kind: "client", name: "lab", scopes: parseScopes(scope) ?? [], careProvider: null, careUnit: null };
}

function ask(actor: Actor, interaction: Interaction, type: string, today = TODAY): Decision {
  return decide(actor, { interaction, type, today });
}

test("ACC-ACTOR-1 scope texts become types and verbs, old names included", () => {
  const scopes = parseScopes("system/Patient.rs  system/*.cruds");
  assert.deepEqual(
    scopes?.map(({ type, verbs }) => [type, [...verbs].join("")]),
    [
      ["Patient", "rs"],
      ["*", "cruds"],
    ],
  );
  assert.deepEqual([...(parseScopes("system/Patient.read")?.[0]?.verbs ?? [])], ["r", "s"]);
  assert.deepEqual([...(parseScopes("system/*.write")?.[0]?.verbs ?? [])], ["c", "u", "d"]);
  assert.deepEqual([...(parseScopes("system/*.*")?.[0]?.verbs ?? [])], ["c", "r", "u", "d", "s"]);
});

test("ACC-ACTOR-2 one malformed part and nothing is opened", () => {
  const bad = [
    "",
    "system/*.",
    "system/*.sr",
    "patient/*.rs",
    "system/Patient",
    "system/*.cruds;drop",
    "system/.r",
    "system/patient.r",
    "system/*.x",
    "user/*.cruds",
  ];
  for (const text of bad) {
    assert.equal(parseScopes(text), undefined, text);
    assert.equal(parseScopes(`system/*.cruds ${text || "?"}`), undefined, text);
  }
});

test("ACC-DECIDE-1 a client gets grounds exactly for what its scopes say", () => {
  const verbs: readonly Verb[] = ["c", "r", "u", "d", "s"];
  fc.assert(
    fc.property(
      fc.constantFrom("*", ...TYPES.slice(0, 3)),
      fc.subarray([...verbs], { minLength: 1 }),
      fc.constantFrom(...INTERACTIONS),
      fc.constantFrom(...TYPES),
      (type, some, interaction, asked) => {
        const decision = ask(client(`system/${type}.${some.join("")}`), interaction, asked);
        const open = (type === "*" || type === asked) && some.includes(VERB[interaction]);
        assert.equal("grounds" in decision, open);
        if ("grounds" in decision) assert.equal(decision.grounds.reach.kind, "region");
      },
    ),
    { seed: 4, numRuns: 2000 },
  );
});

test("ACC-DECIDE-2 a person reaches what the assignment's care provider owns", () => {
  for (const interaction of INTERACTIONS) {
    const decision = ask(person(), interaction, "Observation");
    assert.ok("grounds" in decision);
    assert.deepEqual(decision.grounds.reach, REACH);
    assert.equal(decision.grounds.rule, "ACC-NEED");
  }
});

test("ACC-DECIDE-3 an assignment holds from its first to its last day, and no other", () => {
  const cases: [string | null, string | null, boolean][] = [
    [null, null, true],
    [TODAY, TODAY, true],
    ["2026-11-22", null, false],
    [null, "2026-11-20", false],
    ["2020-01-01", "2030-01-01", true],
  ];
  for (const [from, until, open] of cases)
    assert.equal("grounds" in ask(person({ from, until }), "read", "Patient"), open, `${from} ${until}`);
});

test("ACC-DECIDE-4 facts that do not hold together are refused with an alarm", () => {
  const broken: Decision[] = [
    ask(person({ providerHsaId: "" }), "read", "Patient"),
    ask(person({ unitHsaId: "" }), "read", "Patient"),
    ask(person({ unitHsaId: "U1 U2" }), "read", "Patient"),
    ask(person({ providerHsaId: "*" }), "read", "Patient"),
    ask({ ...person(), hsaId: "" }, "read", "Patient"),
    ask({ ...person(), hsaId: "H1 x" }, "read", "Patient"),
    ask(person(), "read", "Patient", ""),
    ask(person(), "read", "Patient", "2026-11-21T10:00:00Z"),
    ask(client("system/*.cruds"), "read", "Patient", "today"),
  ];
  for (const decision of broken) {
    assert.ok("refusal" in decision);
    assert.equal(decision.refusal.alarm, true);
  }
});

test("ACC-DECIDE-5 directory data is read by all staff and changed by none of them", () => {
  assert.ok(isDirectory("Organization") && !isDirectory("Observation"));
  for (const interaction of INTERACTIONS) {
    const reads = ["r", "s"].includes(VERB[interaction]);
    assert.equal("grounds" in ask(person(), interaction, "Organization"), reads, interaction);
  }
});

test("ACC-DECIDE-6 steering, logs and everything at once are not for care", () => {
  for (const type of ["AuditEvent", "Subscription", "Bundle", "*"])
    assert.ok("refusal" in ask(person(), "search", type), type);
});

test("ACC-DECIDE-7 every decision explains itself", () => {
  for (const actor of [
    person(),
    person({ until: "2020-01-01" }),
    person({ unitHsaId: "" }),
    client("system/Patient.r"),
    client("system/*.cruds"),
  ]) {
    for (const interaction of INTERACTIONS) {
      for (const type of TYPES) {
        const decision = ask(actor, interaction, type);
        const { rule, law, sentence } = "grounds" in decision ? decision.grounds : decision.refusal;
        assert.match(rule, /^ACC-[A-Z-]+$/);
        assert.match(law, /PDL|2022:913/);
        assert.match(sentence, /^[A-ZÅÄÖ].*\.$/);
      }
    }
  }
});

test("ACC-DECIDE-8 the same facts give the same decision", () => {
  for (const interaction of INTERACTIONS) {
    const actor = person();
    const before = JSON.stringify(actor);
    assert.deepEqual(ask(actor, interaction, "Patient"), ask(actor, interaction, "Patient"));
    assert.equal(JSON.stringify(actor), before);
  }
});

test("ACC-PREDICATE-1 a person's predicate binds its values and asks for opening and block, or for rows of nobody", () => {
  const bound: unknown[] = [];
  const nasty = "P1'; DROP TABLE patient; --";
  const predicate = predicateOf({ ...REACH, careProvider: nasty }, () => ({ lo: "date_lo", hi: "date_hi" }));
  const sql = predicate("o", "Observation", (value) => `$${bound.push(value)}`);
  assert.match(
    sql,
    /^\(\(EXISTS \(SELECT 1 FROM opening .*\) AND NOT EXISTS \(.*"date_lo".*\)\) OR \(o\.patient IS NULL AND o\.other_patients IS NULL AND \(o\.care_provider IS NULL OR o\.care_provider = \$6\)\)\)$/s,
  );
  assert.deepEqual(bound, ["U1", nasty, "H1", "U1", "H1", nasty]);
  assert.ok(!sql.includes("DROP"));
  assert.equal(
    predicate("p", "Patient", () => assert.fail("nothing to bind")),
    "TRUE",
  );
});

test("ACC-PREDICATE-2 the setting says what the predicate says", () => {
  assert.equal(
    predicateOf({ kind: "region" }, () => undefined)("o", "Observation", () => ""),
    "TRUE",
  );
  assert.equal(reachSetting({ kind: "region" }), "*");
  assert.equal(reachSetting(REACH), "P1 U1 H1");
});
