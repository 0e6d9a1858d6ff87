/** Compiled statements in a real PostgreSQL: every parameter, order and pages, what goes along, and the divided plans. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ExactNumber, RESOURCE_TYPES, type JsonObject } from "../../src/fhir/index.ts";
import {
  compileCount,
  compileIncludes,
  compileRevinclude,
  compileSearch,
  includeTargets,
  pageOf,
  parametersOf,
  tokenKey,
  type Cursor,
  type Page,
  type SearchPlan,
  type SearchParameter,
} from "../../src/search/index.ts";
import { worldOf } from "./corpus.ts";
import { ALL, planOf, SearchDatabase, type Stored } from "./search-database.ts";

let database: SearchDatabase;
const world = worldOf(3);

before(async () => {
  database = await SearchDatabase.open();
  for (const [type, stored] of world) await database.insert(type, stored);
});
after(() => database.close());

const stored = (resource: JsonObject, careProvider = "north"): Stored => ({
  resource,
  careProvider,
  lastUpdated: "2026-01-01T00:00:00.000Z",
});

const VALUES: Readonly<Record<SearchParameter["type"], string>> = {
  token: "http://loinc.org|8480-6,x",
  string: "o'neill,50%",
  reference: "Patient/1,http://example.com/x|1,urn:uuid:1",
  uri: "http://example.com/x|1.2",
  date: "ge2026-01,ap2026,ne2020-02-02",
  number: "5.40,ap5,ne1e2",
  quantity: "5.4|http://unitsofmeasure.org|mg,lt5||mg,9",
  composite: "",
  special: "59.27|15.21|5|km",
};
const MODIFIERS: Readonly<Record<SearchParameter["type"], readonly string[]>> = {
  token: [":missing", ":not", ":text", ":of-type"],
  string: [":missing", ":exact", ":contains"],
  reference: [":missing", ":identifier", ":above", ":below"],
  uri: [":missing", ":above", ":below"],
  date: [":missing"],
  number: [":missing"],
  quantity: [":missing"],
  composite: [],
  special: [],
};

function queriesOf(parameter: SearchParameter): string[] {
  const { name, type, components } = parameter;
  const value =
    type === "composite" ? components.map((part) => VALUES[part.type].split(",")[0]).join("$") : VALUES[type];
  const own: Readonly<Record<string, string>> = { ":missing": "true", ":of-type": "a|b|c", ":identifier": "a|b" };
  const modified = MODIFIERS[type].map(
    (modifier) => `${name}${modifier}=${encodeURIComponent(own[modifier] ?? value)}`,
  );
  return [`${name}=${encodeURIComponent(value)}`, ...modified];
}

test("SEARCH-ALL-1 every parameter of every type, with every modifier that it may have, runs in PostgreSQL, and so does every order", async (t) => {
  let pairs = 0;
  let statements = 0;
  for (const type of RESOURCE_TYPES) {
    for (const parameter of parametersOf(type).values()) {
      pairs += 1;
      if (parameter.name.startsWith("_") && type !== "Patient") continue;
      if (["_text", "_content", "_query", "_id", "_lastUpdated"].includes(parameter.name)) continue;
      const order =
        parameter.type === "composite" || parameter.type === "special"
          ? []
          : [`_sort=${parameter.name},-${parameter.name}`];
      for (const query of [...queriesOf(parameter), ...order]) {
        await database.run(compileSearch(planOf(type, query), ALL)).catch((error: unknown) => {
          throw new Error(`${type}?${query}`, { cause: error });
        });
        statements += 1;
      }
    }
  }
  t.diagnostic(`${pairs} parameters of ${RESOURCE_TYPES.length} types, ${statements} statements`);
  assert.ok(statements > 6000);
});

test("SEARCH-KEY-1 PostgreSQL computes from a row's key what another row refers to it by", async () => {
  const { rows } = await database.client.query<{ key: string }>(
    `SELECT (key # $1::int8)::text AS key FROM patient WHERE id = 'pat0'`,
    [tokenKey("subject", "")],
  );
  const [base] = (
    await database.client.query<{ key: string }>(`SELECT ($1::int8 # $2::int8)::text AS key`, [
      tokenKey("subject", "Patient/pat0"),
      tokenKey("subject", ""),
    ])
  ).rows;
  const [own] = (await database.client.query<{ key: string }>(`SELECT key::text FROM patient WHERE id = 'pat0'`)).rows;
  assert.equal(rows.length, 1);
  assert.ok(base !== undefined && own !== undefined);
  const found = await database.client.query(
    `SELECT 1 FROM observation o JOIN patient p ON (p.key # $1::int8) = ANY (o.tokens) WHERE p.id = o.patient`,
    [BigInt.asIntN(64, BigInt(tokenKey("subject", "Patient/pat0")) ^ BigInt(own.key)).toString()],
  );
  assert.ok((found.rowCount ?? 0) > 100);
});

const SORTS = [
  "Patient?_sort=birthdate",
  "Patient?_sort=-birthdate",
  "Patient?_sort=family,-birthdate",
  "Patient?_sort=-gender,_id",
  "Patient?_sort=-_lastUpdated",
  "Patient?_sort=-organization,given",
  "Observation?_sort=-date,code",
  "Observation?_sort=value-quantity,-_id",
  "Observation?_sort=-combo-value-quantity",
  "Observation?date=ge2020&_sort=date",
  "Goal?_sort=-target-date",
  "Goal?_sort=target-date",
  "ValueSet?_sort=url,-name",
  "RiskAssessment?_sort=-probability",
  "Patient?_sort=-_id",
  "Patient?",
];

test("SEARCH-PAGE-4 pages of any size, put together, are the whole answer in its order: nothing twice, nothing skipped, missing values kept", async () => {
  for (const query of SORTS) {
    const [type = "", text = ""] = query.split("?");
    const whole = await database.all(planOf(type, `${text}&_count=1000`));
    assert.equal(new Set(whole).size, whole.length);
    if (!text.startsWith("date")) assert.equal(whole.length, world.get(type)?.length, query);
    for (const count of [1, 3, 7]) {
      if (count === 1 && whole.length > 60) continue;
      assert.deepEqual(await database.all(planOf(type, `${text}&_count=${count}`)), whole, `${query} by ${count}`);
    }
  }
});

test("SEARCH-PAGE-6 the page before ends where this one begins: read backwards, the pages are the same", async () => {
  const pageAt = async (plan: SearchPlan): Promise<Page> => pageOf(plan, await database.run(compileSearch(plan, ALL)));
  const names = ({ rows }: Page): string => rows.map(({ type, id }) => `${type}/${id}`).join();
  for (const query of [...SORTS, "?_type=Patient,Observation,Goal&_sort=-_lastUpdated"]) {
    const [type = "", text = ""] = query.split("?");
    const whole = await database.count(planOf(type === "" ? undefined : type, text));
    const plan = planOf(type === "" ? undefined : type, `${text}&_count=${Math.max(2, Math.ceil(whole / 9))}`);
    const forward: string[] = [];
    let page = await pageAt(plan);
    assert.equal(page.previous, undefined, query);
    for (; page.next !== undefined; page = await pageAt({ ...plan, cursor: page.next })) forward.push(names(page));
    forward.push(names(page));
    const backward = [names(page)];
    for (; page.previous !== undefined;) {
      page = await pageAt({ ...plan, cursor: page.previous });
      backward.unshift(names(page));
      assert.ok(page.next !== undefined, query);
      assert.equal(names(await pageAt({ ...plan, cursor: page.next })), backward[1], query);
    }
    assert.ok(forward.length > 1, query);
    assert.deepEqual(backward, forward, query);
  }
});

test("SEARCH-SORT-1 the order is that of the values: dates, numbers, text without case and accents, codes", async () => {
  const make = (id: string, family: string, birthDate: string | undefined, gender: string): Stored =>
    stored({
      resourceType: "Person",
      id,
      name: [{ family }],
      gender,
      ...(birthDate === undefined ? {} : { birthDate }),
    });
  await database.insert("Person", [
    make("a", "Öberg", "1975-06-20", "female"),
    make("b", "oberg", "1950", "male"),
    make("c", "Ångström", undefined, "female"),
    make("d", "Berg", "1975-06", "other"),
  ]);
  const order = async (sort: string): Promise<string> =>
    (await database.all(planOf("Person", `_sort=${sort}`))).map((one) => one.slice(7)).join("");
  assert.equal(await order("birthdate"), "bdac");
  assert.equal(await order("-birthdate"), "adbc");
  assert.equal(await order("name"), "cdab");
  assert.equal(await order("gender,-birthdate"), "acbd");
  assert.equal(await order("-gender,name"), "dbca");
});

test("SEARCH-SORT-2 of several values the earliest counts upwards and the latest downwards", async () => {
  const goal = (id: string, ...dates: string[]): Stored =>
    stored({
      resourceType: "Goal",
      id,
      meta: { tag: [{ code: "sort2" }] },
      target: dates.map((dueDate) => ({ dueDate })),
    });
  await database.insert("Goal", [
    goal("s1", "2026-01-01", "2030-01-01"),
    goal("s2", "2025-01-01", "2026-06-01"),
    goal("s3", "2027-01-01"),
  ]);
  const order = async (sort: string): Promise<readonly string[]> =>
    database.all(planOf("Goal", `_tag=sort2&_sort=${sort}`));
  assert.deepEqual(await order("target-date"), ["Goal/s2", "Goal/s1", "Goal/s3"]);
  assert.deepEqual(await order("-target-date"), ["Goal/s1", "Goal/s3", "Goal/s2"]);
});

test("SEARCH-PAGE-5 while others write, every row that was there all the time is shown once", async () => {
  const task = (id: string, n: number): Stored =>
    stored({ resourceType: "Task", id, authoredOn: `2026-01-${String(1 + (n % 28)).padStart(2, "0")}` });
  const constant = Array.from({ length: 60 }, (_, n) => task(`k${n}`, n));
  await database.insert("Task", constant);
  const seen: string[] = [];
  let cursor: Cursor | undefined;
  for (let page = 0; page < 100; page++) {
    const plan = { ...planOf("Task", "_sort=-authored-on&_count=4"), cursor };
    const { rows, next } = pageOf(plan, await database.run(compileSearch(plan, ALL)));
    seen.push(...rows.map(({ id }) => id));
    await database.insert("Task", [task(`new${page}`, page * 7), task(`new${page}b`, page)]);
    await database.client.query("DELETE FROM task WHERE id = $1", [`new${page - 2}`]);
    if (next === undefined) break;
    cursor = next;
  }
  const kept = seen.filter((id) => id.startsWith("k"));
  assert.equal(new Set(seen).size, seen.length, "shown twice");
  assert.deepEqual(kept.toSorted(), constant.map(({ resource }) => String(resource["id"])).toSorted());
});

test("SEARCH-SYSTEM-2 a search of several types is one list in one order, page by page", async () => {
  for (const query of [
    "_type=Patient,Observation,Goal",
    "_type=Observation,Patient&_sort=-_lastUpdated",
    "_type=Patient,Goal,Encounter&_sort=_lastUpdated,-_id",
    "_lastUpdated=ge2026-01-03",
  ]) {
    const whole = await database.all(planOf(undefined, `${query}&_count=1000`));
    assert.equal(new Set(whole).size, whole.length, query);
    assert.deepEqual(await database.all(planOf(undefined, `${query}&_count=17`)), whole, query);
    assert.equal(await database.count(planOf(undefined, query)), whole.length, query);
  }
});

test("SEARCH-COMPARTMENT-1 a patient's compartment has what names the patient in any of the ways that R4 lists, and nothing else", async () => {
  const expected = (world.get("Observation") ?? []).filter(({ resource }) =>
    JSON.stringify([resource["subject"], resource["performer"]]).includes('"Patient/pat4"'),
  );
  const compartment = { type: "Patient", id: "pat4" };
  const found = await database.all(planOf("Observation", "_count=1000", { compartment }));
  assert.deepEqual(
    found.toSorted(),
    expected.map(({ resource }) => `Observation/${String(resource["id"])}`).toSorted(),
  );
  assert.ok(expected.length > 2);
  assert.deepEqual(await database.all(planOf("Organization", "", { compartment })), []);
  const all = await database.all(planOf(undefined, "_count=1000", { compartment }));
  assert.ok(found.every((one) => all.includes(one)) && all.includes("Patient/pat4"));
});

test("SEARCH-INCLUDE-4 includes and reverse includes give the rows that may be seen, each by its references", async () => {
  const plan = planOf("Observation", "_count=1000&_include=Observation:subject&_revinclude=Observation:performer");
  const [include] = plan.includes;
  const [revinclude] = plan.revincludes;
  assert.ok(include !== undefined && revinclude !== undefined);
  const observations = world.get("Observation") ?? [];
  const targets = observations.flatMap(({ resource }) => includeTargets(resource, include));
  const statement = compileIncludes(targets, (alias, _, bind) => `${alias}.care_provider = ${bind("north")}`);
  const north = new Set(
    (world.get("Patient") ?? [])
      .filter(({ careProvider }) => careProvider === "north")
      .map(({ resource }) => String(resource["id"])),
  );
  assert.ok(statement !== undefined);
  const patients = (await database.run(statement)).filter(({ type }) => type === "Patient").map(({ id }) => id);
  assert.deepEqual(
    patients.toSorted(),
    [...new Set(targets.map(({ id }) => id))].filter((id) => north.has(id)).toSorted(),
  );

  const referring = (parameter: string, id: string): readonly string[] =>
    observations
      .filter(({ resource }) => JSON.stringify(resource[parameter] ?? null).includes(`"Patient/${id}"`))
      .map(({ resource }) => String(resource["id"]))
      .toSorted();
  for (const parameter of ["performer", "subject"]) {
    const back = compileRevinclude({ ...revinclude, parameter }, [{ type: "Patient", id: "pat4" }], ALL, 1000);
    assert.ok(back !== undefined);
    assert.deepEqual(
      (await database.run(back)).map(({ id }) => id).toSorted(),
      referring(parameter, "pat4"),
      parameter,
    );
  }
});

test("SEARCH-DIVIDE-1 a chain with more targets than GIN is asked for finds the same as one with few", async () => {
  const targets = Array.from({ length: 2100 }, (_, n) =>
    stored(
      { resourceType: "Location", id: `l${n}`, name: n < 2050 ? "Avdelning" : "Mottagning", status: "active" },
      n % 2 === 0 ? "north" : "south",
    ),
  );
  await database.insert("Location", targets);
  const slots = Array.from({ length: 200 }, (_, n) =>
    stored({
      resourceType: "Device",
      id: `d${n}`,
      location: { reference: `Location/l${n * 11}` },
      status: n % 3 === 0 ? "active" : "inactive",
    }),
  );
  await database.insert("Device", slots);
  const expected = (keep: (n: number) => boolean): string[] =>
    Array.from({ length: 200 }, (_, n) => n)
      .filter(keep)
      .map((n) => `Device/d${n}`)
      .toSorted();
  const find = async (query: string): Promise<string[]> =>
    (await database.all(planOf("Device", `${query}&_count=50`))).toSorted();
  assert.deepEqual(
    await find("location.name=avdelning"),
    expected((n) => n * 11 < 2050),
  );
  assert.deepEqual(
    await find("location.name=avdelning&status=active"),
    expected((n) => n * 11 < 2050 && n % 3 === 0),
  );
  assert.deepEqual(
    await find("location.name=mottagning"),
    expected((n) => n * 11 >= 2050 && n * 11 < 2100),
  );
  const north = compileCount(planOf("Device", "location.name=avdelning"), (alias, type, bind) =>
    type === "Location" ? `${alias}.care_provider = ${bind("north")}` : "TRUE",
  );
  const [row] = (await database.run(north)) as unknown as { total: string }[];
  assert.equal(Number(row?.total), expected((n) => n * 11 < 2050 && (n * 11) % 2 === 0).length);
});

test("SEARCH-DIVIDE-2 a range that must end after something finds long ones that began long before", async () => {
  const stay = (id: string, start: string, end?: string): Stored =>
    stored({
      resourceType: "EpisodeOfCare",
      id,
      status: "active",
      period: end === undefined ? { start } : { start, end },
    });
  await database.insert("EpisodeOfCare", [
    stay("long", "2010-01-01", "2026-03-01"),
    stay("open", "2011-01-01"),
    stay("short", "2026-01-31T10:00:00Z", "2026-02-01T10:00:00Z"),
    stay("before", "2026-01-01", "2026-01-02"),
  ]);
  const find = async (query: string): Promise<string> =>
    (await database.all(planOf("EpisodeOfCare", query)))
      .map((one) => one.slice(14))
      .toSorted()
      .join(" ");
  assert.equal(await find("date=gt2026-02-15"), "long open");
  assert.equal(await find("date=ge2026-01-31"), "long open short");
  assert.equal(await find("date=ge2026-01-31&date=lt2026-02-01"), "long open short");
  assert.equal(await find("date=sa2025"), "before short");
});

test("SEARCH-NEAR-1 near finds what lies within the distance along the great circle, over the date line and the poles too", async () => {
  const place = (id: string, latitude: number, longitude: number): Stored =>
    stored({ resourceType: "Location", id, position: { latitude, longitude } });
  await database.insert("Location", [
    place("orebro", 59.2753, 15.2134),
    place("stockholm", 59.3293, 18.0686),
    place("fiji-east", -17, 179.99),
    place("fiji-west", -17, -179.99),
    place("north", 89.99, 0),
  ]);
  const find = async (near: string): Promise<string> =>
    (await database.all(planOf("Location", `near=${encodeURIComponent(near)}`)))
      .map((one) => one.slice(9))
      .toSorted()
      .join(" ");
  assert.equal(await find("59.27|15.21|5|km"), "orebro");
  assert.equal(await find("59.27|15.21|170|km"), "orebro stockholm");
  assert.equal(await find("59.27|15.21|100|[mi_i]"), "orebro");
  assert.equal(await find("59.27|15.21|110|[mi_i]"), "orebro stockholm");
  assert.equal(await find("-17|180|5|km"), "fiji-east fiji-west");
  assert.equal(await find("89.99|180|3|km"), "north");
});

test("SEARCH-STRING-1 a part of a long text is found wherever it stands, and what a pattern would mean is only text", async () => {
  const long = `${"lorem ".repeat(200)}nålen i höstacken${" ipsum".repeat(200)}`;
  await database.insert("Library", [
    stored({ resourceType: "Library", id: "long", description: long }),
    stored({ resourceType: "Library", id: "short", description: "100% a_b" }),
  ]);
  const find = async (query: string): Promise<string> =>
    (await database.all(planOf("Library", query))).map((one) => one.slice(8)).join(" ");
  assert.equal(await find("description:contains=NALEN I HO"), "long");
  assert.equal(await find("description=lorem lorem"), "long");
  assert.equal(await find("description=ipsum"), "", "it does not begin so");
  assert.equal(await find("description:contains=%25"), "short");
  assert.equal(await find("description:contains=a_b"), "short");
  assert.equal(await find("description:contains=axb"), "");
  assert.equal(await find("description=%25"), "");
  assert.equal(await find(`description:exact=${encodeURIComponent(long)}`), "long");
});

test("SEARCH-VALUE-4 what no column can hold is stored all the same", async () => {
  const numbers = ["1e999999", "-1e999999", "1e-99999", "9".repeat(3000)].map((value, n) =>
    stored({
      resourceType: "Substance",
      id: `n${n}`,
      instance: [{ quantity: { value: new ExactNumber(value) } }],
    }),
  );
  await database.insert("Substance", numbers);
  assert.deepEqual(await database.all(planOf("Substance", "quantity=gt1000")), ["Substance/n0", "Substance/n3"]);
  for (const query of ["_sort=code", "_sort=-identifier", "_content=99", "_text=x"])
    await database.all(planOf("Substance", query));
  const texts = Array.from({ length: 300 }, (_, n) => `${n}${"x".repeat(5000)}`);
  await database.insert("Person", [
    stored({ resourceType: "Person", id: "many", name: texts.map((family) => ({ family })) }),
  ]);
  assert.deepEqual(await database.all(planOf("Person", "_id=many")), ["Person/many"]);
});
