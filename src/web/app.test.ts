/// <reference types="node" />
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isSingle, readPress, type Press } from "./command/keys.ts";
import { judge, mapLoaded, type Loaded } from "./loaded.ts";
import {
  readMedicationsSearch,
  readNotesSearch,
  readResultsSearch,
  readSignInSearch,
  readTimelineSearch,
} from "./search-params.ts";
import { groupSeats, seatsOf } from "./sign-in/seats.ts";
import { en as inboxEnglish } from "./inbox/texts.en.ts";
import { sv as inboxWords } from "./inbox/texts.ts";
import { en as portalEnglish } from "./portal/texts.en.ts";
import { sv as portalWords } from "./portal/texts.ts";
import { en as reviewEnglish } from "./review/texts.en.ts";
import { sv as reviewWords } from "./review/texts.ts";
import { en } from "./texts.en.ts";
import { sv } from "./texts.ts";
import { besideOf } from "./say/concepts.ts";
import { CallFailed } from "./wire/call.ts";
import { refuseOthers } from "./wire/chart.ts";
import { missingRoles } from "./wire/roles.ts";

const SEED = Number(process.env["FC_SEED"] ?? 20261121);
const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrl: false,
  alt: false,
  shift: false,
  ...more,
});

test("WEB-KEY-1 single keys and sequences are read, and are silent while somebody types", () => {
  assert.deepEqual(readPress(undefined, press("j"), true), { pending: undefined, keys: "j" });
  assert.deepEqual(readPress(undefined, press("j"), false), { pending: undefined, keys: undefined });
  assert.deepEqual(readPress(undefined, press("g"), true), { pending: "g", keys: undefined });
  assert.deepEqual(readPress("g", press("ö"), true), { pending: undefined, keys: "g ö" });
  assert.deepEqual(readPress("g", press("g"), true), { pending: undefined, keys: "g g" });
  assert.deepEqual(readPress(undefined, press("?", { shift: true }), true).keys, "?");
});

test("WEB-KEY-1 keys with a modifier work also while somebody types", () => {
  assert.equal(readPress(undefined, press("k", { ctrl: true }), false).keys, "Ctrl+K");
  assert.equal(readPress("g", press("L", { ctrl: true, shift: true }), true).keys, "Ctrl+Shift+L");
  assert.equal(readPress(undefined, press("Escape"), false).keys, "Escape");
  for (const name of ["j", "?", "/", "g s"]) assert.equal(isSingle(name), true, name);
  for (const name of ["Ctrl+K", "Escape", "Shift+Tab"]) assert.equal(isSingle(name), false, name);
});

test("WEB-URL-2 an address keeps only what the screen knows, in its right form", () => {
  assert.deepEqual(readTimelineSearch({ typ: "Composition", fran: "2026-11-01", tom: "igår", sok: "", onload: "x" }), {
    typ: "Composition",
    fran: "2026-11-01",
  });
  assert.deepEqual(readResultsSearch({ analys: "npu|HB", tid: "2a", vy: "annat", sok: 4 }), {
    analys: "npu|HB",
    tid: "2a",
    sok: "4",
  });
  assert.deepEqual(readResultsSearch({ tid: "100a", analys: ["x"], vy: "utlatanden" }), { vy: "utlatanden" });
  assert.deepEqual(readNotesSearch({ anteckning: "Composition/1", x: 1 }), { anteckning: "Composition/1" });
  assert.deepEqual(readMedicationsSearch({ visa: "allt" }), {});
});

test("WEB-URL-3 signing in leads only to an address of this application", () => {
  assert.deepEqual(readSignInSearch({ till: "/patienter/e1/svar?tid=2a" }), { till: "/patienter/e1/svar?tid=2a" });
  for (const till of [
    "https://ond.example",
    "//ond.example",
    "/\\ond.example",
    "\\\\ond",
    "javascript:alert(1)",
    "/logga-in?till=/x",
    "",
    7,
    null,
  ]) {
    assert.deepEqual(readSignInSearch({ till }), {}, String(till));
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { till } = readSignInSearch({ till: text });
      if (till !== undefined) assert.equal(new URL(till, "https://eira.example").origin, "https://eira.example");
    }),
    { seed: SEED, numRuns: 3000 },
  );
});

test("WEB-WRONG-1 an answer with another patient's data is refused as a whole", () => {
  const about = (reference: string | undefined, element = "subject"): never =>
    ({ resourceType: "Observation", [element]: reference === undefined ? undefined : { reference } }) as never;
  refuseOthers(
    [
      about("Patient/e1"),
      about("https://eira/fhir/R4/Patient/e1"),
      about("Patient/e1/_history/2"),
      about(undefined),
      about("Group/9"),
    ],
    "e1",
  );
  for (const item of [
    about("Patient/e2"),
    about("Patient/e11"),
    about("Patient/e2", "patient"),
    about("https://annan/Patient/e2"),
  ]) {
    assert.throws(
      () => refuseOthers([about("Patient/e1"), item], "e1"),
      (error: unknown) => error instanceof CallFailed && error.failure.kind === "wrong-patient",
    );
  }
});

test("WEB-SOURCE-3 only the assignments that are referred to and not known are asked for, each once", () => {
  const item = {
    resourceType: "Composition",
    id: "c",
    author: [{ reference: "PractitionerRole/b" }, { reference: "PractitionerRole/a" }],
    attester: [{ party: { reference: "PractitionerRole/b" } }, { party: { reference: "Organization/o" } }],
    custodian: { reference: "https://annan.example/PractitionerRole/x", display: "PractitionerRole/y" },
  } as never;
  assert.deepEqual(missingRoles([item, item], besideOf()), ["a", "b"]);
  assert.deepEqual(missingRoles([item], besideOf([{ resourceType: "PractitionerRole", id: "b" }])), ["a"]);
  assert.deepEqual(missingRoles([], besideOf()), []);
});

test("WEB-LOAD-1 nothing recorded, none known and some never turn into one another by themselves", () => {
  const some: Loaded<readonly number[]> = { state: "some", value: [], asOf: "now", stale: undefined };
  const loading: Loaded<readonly number[]> = { state: "loading" };
  assert.equal(judge(some, () => "unknown").state, "unknown");
  assert.deepEqual(
    judge(some, () => ({ noneKnown: ["Ingen känd"] })),
    { state: "none-known", statements: ["Ingen känd"], asOf: "now" },
  );
  assert.equal(
    judge(some, () => "some"),
    some,
  );
  assert.equal(
    judge(loading, () => "some"),
    loading,
  );
  assert.equal(
    mapLoaded(loading, () => 1),
    loading,
  );
  assert.deepEqual(
    mapLoaded(some, (value) => value.length),
    { ...some, value: 0 },
  );
});

test("WEB-SIGN-2 every assignment is a choice, found by any of its words and grouped in Swedish order", () => {
  const people = [
    {
      id: "1",
      name: "Åsa Ek",
      title: "Sjuksköterska",
      profession: "sjuksköterska",
      assignments: [
        { id: "a", unit: "Ögonmottagningen", provider: "Region", role: "" },
        { id: "b", unit: "Akuten", provider: "Region", role: "" },
      ],
    },
    {
      id: "2",
      name: "Bo Al",
      title: "Överläkare",
      profession: "läkare",
      assignments: [{ id: "c", unit: "Akuten", provider: "Region", role: "" }],
    },
  ];
  const seats = seatsOf(people);
  assert.deepEqual(
    groupSeats(seats, "", "unit").map((group) => [group.name, group.seats.map((seat) => seat.id)]),
    [
      ["Akuten", ["c", "b"]],
      ["Ögonmottagningen", ["a"]],
    ],
  );
  assert.deepEqual(
    groupSeats(seats, "läkare aku", "profession").map((group) => [group.name, group.seats.length]),
    [["Läkare", 1]],
  );
  assert.deepEqual(groupSeats(seats, "finns ej", "unit"), []);
});

const portal = { sv: portalWords, en: portalEnglish };
const review = { sv: reviewWords, en: reviewEnglish };

test("WEB-LANG-1 English says everything that Swedish says, in words of its own, and takes the same values", () => {
  const same = new Set([
    "Patient",
    "Risk",
    "Given",
    "Observation",
    "Form",
    "Vaccination",
    "prel",
    "Status",
    "Personnummer",
    "Samordningsnummer",
    "Filter",
    "Filters",
    "?",
    "",
    "Batch",
    "Eira",
    "HSA-id",
  ]);
  const compare = (swedish: unknown, english: unknown, path: string): void => {
    assert.equal(typeof english, typeof swedish, path);
    if (typeof swedish === "string")
      assert.ok(swedish !== english || same.has(swedish), `${path} is not translated: ${swedish}`);
    if (typeof swedish === "function") assert.equal((english as () => void).length, swedish.length, path);
    if (typeof swedish !== "object" || swedish === null) return;
    for (const [key, own] of Object.entries(swedish))
      compare(own, (english as Record<string, unknown>)[key], `${path}.${key}`);
  };
  compare(sv, en, "texts");
  compare(portal.sv, portal.en, "portal");
  compare(review.sv, review.en, "review");
  compare(inboxWords, inboxEnglish, "inbox");
});
