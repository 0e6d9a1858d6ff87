/** Rules of SPEC.md in this folder: settings, choosing the command, the schema, the key, tokens. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { USUAL_DOOR_RULES } from "../access/index.ts";
import { labelPlacesAt } from "./label-places.ts";
import { configOf } from "./config.ts";
import { identityProvidersOf } from "./identity-providers.ts";
import { auditKey, doorRulesAt, withStore } from "./installation.ts";
import { knownPersonsAt } from "./known-persons.ts";
import { run } from "./run.ts";
import { Installation, ROOT } from "./testing/index.ts";

const PLACES = { webRoot: "web", version: "1" };
const SILENT = { print: () => undefined, tell: () => undefined, progress: () => undefined, onStop: () => undefined };

test("CLI-CONFIG-1 the usual settings, and the usual spellings of on and off", () => {
  assert.deepEqual(configOf({}, PLACES), {
    port: 8080,
    host: "127.0.0.1",
    dataDir: ".eira",
    databaseUrl: undefined,
    citus: false,
    demo: true,
    workers: 1,
    sessions: { hours: 10, idleMinutes: 30 },
    callsAMinute: 1200,
    lockDays: 14,
    referentialIntegrity: true,
    doorRules: undefined,
    knownPersons: undefined,
    identityProviders: undefined,
    trustedProxies: [],
    production: false,
    base: undefined,
    hl7: undefined,
    printers: undefined,
    simulators: false,
    simulatorDelayMs: 15_000,
    subscriberHosts: "",
    ...PLACES,
  });
  for (const off of ["0", "off", "OFF", "false", "no"])
    assert.equal(configOf({ EIRA_DEMO: off }, PLACES).demo, false, off);
  for (const on of ["1", "on", "True", "yes", ""])
    assert.equal(configOf({ EIRA_REFERENTIAL_INTEGRITY: on }, PLACES).referentialIntegrity, true, on);
  const { port, workers, databaseUrl } = configOf(
    { EIRA_PORT: "0", EIRA_WORKERS: "2", DATABASE_URL: "postgres://x" },
    PLACES,
  );
  assert.deepEqual([port, workers, databaseUrl], [0, 2, "postgres://x"]);
});

test("CLI-CONFIG-9 the rules of the patient's own door come from a file; one that cannot be used is refused with its name and place", (t) => {
  assert.equal(configOf({ EIRA_DOOR_RULES: "rules.json" }, PLACES).doorRules, "rules.json");
  assert.equal(doorRulesAt(undefined), USUAL_DOOR_RULES);
  const folder = mkdtempSync(join(tmpdir(), "eira-door-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "rules.json");
  const written = (text: string): string => {
    writeFileSync(file, text);
    return file;
  };
  assert.deepEqual(doorRulesAt(written('{"neverClasses":["secret"]}')).neverClasses, ["secret"]);
  for (const bad of ["", "{", "[]", '{"ages":[]}', '{"colour":1}'])
    assert.throws(() => doorRulesAt(written(bad)), /EIRA_DOOR_RULES: .*rules\.json cannot be used\. \S/, bad);
  assert.throws(() => doorRulesAt(join(folder, "absent.json")), /EIRA_DOOR_RULES: .*absent\.json cannot be used/);
});

test("CLI-CONFIG-11 well-known people come from a file that is read when it is needed; one that is not there refuses the start", (t) => {
  assert.equal(configOf({ EIRA_KNOWN_PERSONS: "known" }, PLACES).knownPersons, "known");
  assert.deepEqual([...knownPersonsAt(undefined)()], []);
  const folder = mkdtempSync(join(tmpdir(), "eira-known-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "known");
  assert.throws(() => knownPersonsAt(file), /EIRA_KNOWN_PERSONS: .*known cannot be read/);
  writeFileSync(file, "19121212-1212 # a minister\n\n# nobody\np1\n");
  const known = knownPersonsAt(file);
  assert.deepEqual([...known()], ["191212121212", "p1"]);
  writeFileSync(file, "p2");
  assert.deepEqual([...known()], ["p2"]);
});

test("CLI-CONFIG-10 identity providers come from a file with secrets beside it, proxies from a list", (t) => {
  const { identityProviders, trustedProxies } = configOf(
    { EIRA_IDENTITY_PROVIDERS: "idp.json", EIRA_TRUSTED_PROXIES: "10.0.0.5, 10.1.0.0/16" },
    PLACES,
  );
  assert.deepEqual([identityProviders, trustedProxies], ["idp.json", ["10.0.0.5", "10.1.0.0/16"]]);
  assert.throws(() => configOf({ EIRA_TRUSTED_PROXIES: "everybody" }, PLACES), /EIRA_TRUSTED_PROXIES/);
  assert.equal(identityProvidersOf({ identityProviders: undefined }), undefined);
  assert.throws(() => identityProvidersOf({ identityProviders: "none.json" }), /EIRA_IDENTITY_PROVIDERS: .*ENOENT/);
  const folder = mkdtempSync(join(tmpdir(), "eira-idp-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "secret"), "a secret of sixteen and more");
  const one = { id: "siths", name: "SITHS", issuer: "https://idp.test", clientId: "eira", clientSecretFile: "secret" };
  const file = join(folder, "idp.json");
  writeFileSync(file, JSON.stringify({ providers: [{ ...one, claim: "employeeHsaId", identifies: "hsa-id" }] }));
  assert.deepEqual(
    identityProvidersOf({ identityProviders: file })?.map(({ id }) => id),
    ["siths"],
  );
});

test("CLI-CONFIG-3 in production nobody signs in without proof", () => {
  assert.equal(configOf({ NODE_ENV: "production" }, PLACES).demo, false);
  assert.equal(configOf({ NODE_ENV: "production", EIRA_DEMO: "off" }, PLACES).demo, false);
  assert.equal(configOf({ NODE_ENV: "test", EIRA_DEMO: "1" }, PLACES).demo, true);
  assert.throws(() => configOf({ NODE_ENV: "production", EIRA_DEMO: "1" }, PLACES), /EIRA_DEMO.*production/);
});

test("CLI-CONFIG-2 a variable that cannot be understood is refused by name", () => {
  const bad: [string, string][] = [
    ["EIRA_PORT", "http"],
    ["EIRA_PORT", "-1"],
    ["EIRA_PORT", "65536"],
    ["EIRA_PORT", "80.5"],
    ["EIRA_WORKERS", "0"],
    ["EIRA_WORKERS", "many"],
    ["EIRA_SESSION_HOURS", "0"],
    ["EIRA_SESSION_HOURS", "25"],
    ["EIRA_SESSION_IDLE_MINUTES", "1"],
    ["EIRA_LOCK_DAYS", "0"],
    ["EIRA_SESSION_IDLE_MINUTES", "never"],
    ["EIRA_DEMO", "maybe"],
    ["EIRA_CITUS", "13"],
    ["EIRA_REFERENTIAL_INTEGRITY", "2"],
    ["EIRA_SUBSCRIBER_HOSTS", "https://a.example/path"],
  ];
  for (const [name, value] of bad)
    assert.throws(() => configOf({ [name]: value }, PLACES), new RegExp(name), `${name}=${value}`);
});

test("CLI-RUN-1 an unknown command or none is answered with those that exist", async (t) => {
  const installation = Installation.make(t);
  for (const args of [[], ["sevre"], ["toString"]]) {
    const { code, printed, told } = await installation.run(...args);
    assert.equal(code, 2);
    assert.deepEqual(printed, []);
    assert.match(told, /serve, migrate, import/);
    assert.doesNotMatch(told, /serve-worker/);
  }
});

test("CLI-RUN-3 whoever asks for help is told how a command is called, and nothing starts", async (t) => {
  const installation = Installation.make(t);
  const list = await installation.run("--help");
  assert.equal(list.code, 0);
  for (const command of list.printed.join().replace(/^.*: /, "").split(", ")) {
    const { code, printed, told } = await installation.run(command, "--help");
    assert.deepEqual([code, told, printed[0]?.startsWith(`eira ${command}`)], [0, "", true], command);
  }
  const deep = await installation.run("fuzz", "words", "--texts", "1", "--help");
  assert.match(deep.printed.join(), /fuzz words \[--texts N\] \[--seed S\]/);
  assert.deepEqual(readdirSync(installation.folder), []);
});

test("CLI-RUN-4 an option that is not there starts nothing, and every option that is read is told of", async (t) => {
  const installation = Installation.make(t);
  const wrong = await installation.run("simulate", "--loop", "3");
  assert.deepEqual([wrong.code, wrong.printed], [2, []]);
  assert.match(wrong.told, /simulate has no option --loop\. There are --calendar, --days,/);
  assert.match((await installation.run("doctor", "--fix")).told, /has no option --fix\. It has none\./);
  assert.equal((await installation.run("drill", "kill", "--loud")).code, 2);

  const folder = join(ROOT, "src/cli");
  const read = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), "utf8").matchAll(
        /(?:flag|numberFlag|needed)\(args, "([a-z-]+)"|args\.includes\("--([a-z-]+)"\)/g,
      ),
    ])
    .map(([, named, bare]) => `--${named ?? bare}`);
  const commands = (await installation.run("--help")).printed.join().replace(/^.*: /, "").split(", ");
  const helps = await Promise.all(commands.map((command) => installation.run(command, "--help")));
  const listed = helps.flatMap(({ printed }) => printed.join("\n").match(/--[a-z][a-z-]*/g) ?? []);
  const untold = ["--control", "--part", "--help", "--guarded", "--open"]; // what the programs call themselves with
  const missing = new Set(read.filter((one) => !listed.includes(one) && !untold.includes(one)));
  assert.deepEqual([...missing], []);
  assert.ok(read.length > 60);
});

test("CLI-RUN-2 a failure is one sentence without a stack", async (t) => {
  const { code, printed, told } = await Installation.make(t).run("import", "/there/is/no/such/file.ndjson");
  assert.equal(code, 1);
  assert.deepEqual(printed, []);
  assert.match(told, /no such file/);
  assert.doesNotMatch(told, /\n\s+at /);
});

test("CLI-INSTALL-1 the key of the access log is made once and is its owner's only", (t) => {
  const data = join(Installation.make(t).folder, "data");
  const pem = (): string => auditKey(data).export({ type: "pkcs8", format: "pem" }).toString();
  const first = pem();
  assert.equal(pem(), first);
  assert.equal(statSync(join(data, "audit-key.pem")).mode & 0o777, 0o600);
});

test("CLI-MIGRATE-1 applies what is missing and nothing the second time", async (t) => {
  const installation = Installation.make(t);
  const first = JSON.parse((await installation.run("migrate")).printed.at(-1) ?? "") as { applied: number[] };
  assert.ok(first.applied.length >= 4 && first.applied.every((version, at) => version === at + 1));
  assert.deepEqual((await installation.run("migrate")).printed, ['{"applied":[]}']);
});

test("CLI-MIGRATE-2 with EIRA_CITUS=on a database without Citus is refused in both languages, with exit code 2", async (t) => {
  const installation = Installation.make(t);
  for (const command of ["migrate", "serve"]) {
    const told: string[] = [];
    const terminal = { ...SILENT, tell: (line: string) => void told.push(line) };
    const invocation = installation.invocation([command], terminal);
    const code = await run({ ...invocation, config: { ...invocation.config, citus: true } });
    assert.equal(code, 2, command);
    assert.match(told.join("\n"), /saknar tillägget Citus[^]*does not have the extension Citus/);
  }
  const { applied } = JSON.parse((await installation.run("migrate")).printed.at(-1) ?? "") as { applied: number[] };
  assert.ok(applied.length >= 7); // nothing had been changed
});

test("CLI-SESSION-1 a person's sessions are told and ended by their HSA-id", async (t) => {
  const installation = await Installation.lent(t);
  const until = new Date(Date.now() + 3_600_000);
  const actor = { id: "a", hsaId: "SE2321000131-P1", assignment: { unit: "Akuten", provider: "Region Västmark" } };
  await withStore(installation.invocation([], SILENT), async (store) => {
    await store.addSession("one", actor, until);
    await store.addSession("two", actor, until);
    await store.addSession("three", { ...actor, id: "b", hsaId: "SE2321000131-P2" }, until);
  });
  const listed = await installation.run("session", "list", "--person", "SE2321000131-P1");
  const told = JSON.parse(listed.printed.at(-1) ?? "") as { sessions: { unit: string; ends: string }[] };
  assert.deepEqual(
    told.sessions.map(({ unit, ends }) => [unit, ends]),
    [
      ["Akuten", until.toISOString()],
      ["Akuten", until.toISOString()],
    ],
  );
  const ended = await installation.run("session", "end", "--person", "SE2321000131-P1");
  assert.deepEqual([ended.code, ended.printed], [0, ['{"person":"SE2321000131-P1","ended":2}']]);
  const left = await withStore(installation.invocation([], SILENT), (store) =>
    Promise.all(["one", "two", "three"].map((one) => store.findSession(one))),
  );
  assert.deepEqual(
    left.map((one) => one !== undefined),
    [false, false, true],
  );
  for (const args of [[], ["end"], ["end", "--person"], ["nonsense", "--person", "x"]]) {
    const { code, printed, told: why } = await installation.run("session", ...args);
    assert.deepEqual([code, printed], [1, []]);
    assert.match(why, /Usage|needs a value/);
  }
});

test("CLI-TOKEN-1 prints a token that opens what its scope says, and nothing else", async (t) => {
  const installation = await Installation.lent(t);
  const { code, printed, told } = await installation.run(
    "token",
    "--client",
    "lab",
    "--scope",
    "system/Patient.rs",
    "--care-provider",
    "P1",
    "--care-unit",
    "U1",
    "--days",
    "2",
  );
  assert.deepEqual([code, printed.length, told], [0, 1, ""]);
  const [token = ""] = printed;
  assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  const client = await withStore(installation.invocation([], SILENT), (store) => store.findClient(token));
  const { expires, ...rest } = client ?? { expires: "" };
  assert.deepEqual(rest, { client: "lab", scope: "system/Patient.rs", careProvider: "P1", careUnit: "U1" });
  assert.ok(Math.abs(Date.parse(expires) - Date.now() - 2 * 86_400_000) < 3_600_000);
});

test("CLI-TOKEN-3 a client's tokens are withdrawn by its name", async (t) => {
  const installation = await Installation.lent(t);
  const make = async (client: string): Promise<string> =>
    (await installation.run("token", "--client", client, "--scope", "system/*.rs")).printed[0] ?? "";
  const [first, second, other] = [await make("lab"), await make("lab"), await make("other")];
  const done = await installation.run("token", "--revoke", "lab");
  assert.deepEqual([done.code, done.printed], [0, ['{"client":"lab","revoked":2}']]);
  const holding = await withStore(installation.invocation([], SILENT), async (store) =>
    Promise.all([first, second, other].map(async (token) => (await store.findClient(token))?.client)),
  );
  assert.deepEqual(holding, [undefined, undefined, "other"]);
  const again = await installation.run("token", "--revoke", "lab");
  assert.deepEqual([again.code, again.printed], [1, ['{"client":"lab","revoked":0}']]);
});

test("CLI-TOKEN-2 what cannot be a client makes no token", async (t) => {
  const installation = Installation.make(t);
  const bad = [
    [],
    ["--client", "x"],
    ["--scope", "system/*.rs"],
    ["--client", "--scope"],
    ["--client", "x", "--scope", "everything"],
    ["--client", "x", "--scope", "system/*.rs", "--days", "0"],
    ["--client", "x", "--scope", "system/*.rs", "--days", "367"],
    ["--client", "x", "--scope", "system/*.rs", "--days", "soon"],
  ];
  for (const args of bad) {
    const { code, printed } = await installation.run("token", ...args);
    assert.deepEqual([code, printed], [1, []], args.join(" "));
  }
});

test("CLI-PRINTERS-1 label printers come from a file; one that cannot be used is refused with its name and place, and none are none", (t) => {
  assert.equal(configOf({ EIRA_PRINTERS: "printers.json" }, PLACES).printers, "printers.json");
  assert.deepEqual(labelPlacesAt(undefined), []);
  const folder = mkdtempSync(join(tmpdir(), "eira-printers-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "printers.json");
  writeFileSync(file, JSON.stringify({ printers: [], places: [{ code: "A", title: "A", unit: "SE1" }] }));
  assert.deepEqual(labelPlacesAt(file).map(({ code }) => code), ["A"]); // prettier-ignore
  writeFileSync(file, JSON.stringify({ printers: [], places: [{ code: "A", title: "A", unit: "SE1", printer: "b" }] }));
  assert.throws(() => labelPlacesAt(file), /EIRA_PRINTERS: .*printers\.json cannot be used\. places\[0\]\.printer/);
  assert.throws(() => labelPlacesAt(join(folder, "nothing")), /EIRA_PRINTERS/);
});
