/** Rules of SPEC.md in this folder: the directory from the command line. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { counted, example, exampleText } from "../clinical/testing/index.ts";
import { journalOfTest, type JournalOfTest } from "../journal/testing/index.ts";
import { run } from "./run.ts";
import { Installation, type Ran } from "./testing/index.ts";

type Program = (...args: string[]) => Promise<Ran & { readonly last: Record<string, unknown> }>;

/** The program on the test's own database, and a file in its folder. */
function programOn(
  t: Parameters<typeof Installation.make>[0],
  { database }: JournalOfTest,
): { program: Program; put: (text: string) => string } {
  const installation = Installation.make(t);
  const program: Program = async (...args) => {
    const [printed, told]: [string[], string[]] = [[], []];
    const terminal = {
      print: (line: string) => void printed.push(line),
      tell: (line: string) => void told.push(line),
      progress: () => undefined,
      onStop: () => undefined,
    };
    const invocation = installation.invocation(["directory", ...args], terminal);
    const config = { ...invocation.config, databaseUrl: database.url };
    const code = await run({ ...invocation, config });
    const last = JSON.parse(printed.at(-1) ?? "{}") as Record<string, unknown>;
    return { code, printed, told: told.join("\n"), last };
  };
  const put = (text: string): string => {
    const file = join(installation.folder, "katalog.json");
    writeFileSync(file, text);
    return file;
  };
  return { program, put };
}

test("CLI-DIRECTORY-1 and CLI-DIRECTORY-3 preview, apply what was previewed, once, and review", async (t) => {
  const journal = await journalOfTest(t);
  const { program, put } = programOn(t, journal);
  const file = put(exampleText());
  const seen = await program("preview", file, "--complete");
  assert.equal(seen.code, 0);
  assert.match(seen.told, /får: Exempla Påhittsson[\s\S]*0 av 0 uppdrag som gäller i dag upphör. Inget är skrivet/);
  const { token, assignments } = seen.last;
  assert.deepEqual(assignments, { opened: 6, changed: 0, closed: 0, kept: 0 });
  const json = await program("preview", file, "--complete", "--json");
  assert.deepEqual([json.told, json.last["token"]], ["", token]);
  assert.equal((json.last["changes"] as { assignments: unknown[] }).assignments.length, 6);
  assert.deepEqual(await journal.sql("SELECT 1 FROM practitionerrole"), []);
  const applied = await program("apply", file, "--complete", "--confirm", String(token), "--by", "Kim Katalog");
  assert.deepEqual(applied.last, { outcome: "applied", resources: 17, transactions: 1 });
  const again = await program("apply", file, "--complete", "--confirm", String(token));
  assert.deepEqual([again.code, again.last], [0, { outcome: "nothing", resources: 0 }]);
  const review = await program("review", "--older-than", "1", "--units", "1");
  assert.deepEqual(review.last, {
    oldAnalysis: 3,
    noAnalysis: 1,
    noEnd: 3,
    manyUnits: 1,
    endedSession: 0,
    expiring: 0,
    notReviewed: 6,
  });
  assert.doesNotMatch(`${seen.told}${json.printed.join()}${review.told}`, /Hemlig|Exempelsson/);
});

test("CLI-DIRECTORY-2 what is wrong, stale or too much is refused with every reason", async (t) => {
  const journal = await journalOfTest(t);
  const { program, put } = programOn(t, journal);
  const bad = await program("preview", put(exampleText().replaceAll("-0110", "-0111").replace('"Fiktor"', "7")));
  assert.deepEqual([bad.code, bad.last], [1, { refused: true, problems: 1 }]);
  assert.match(bad.told, /person\[1\]\.givenName: ska vara en text \(is to be a text\)/);
  const file = put(exampleText());
  const { token } = (await program("preview", file)).last;
  assert.equal((await program("apply", file, "--complete", "--confirm", String(token))).code, 1);
  assert.equal((await program("apply", file, "--confirm", String(token))).code, 0);
  const fewer = put(counted({ ...example(), commission: example().commission.slice(1, 2) }));
  const refused = await program("preview", fewer, "--complete");
  assert.deepEqual([refused.code, refused.last["token"]], [1, undefined]);
  assert.match(refused.told, /4 av 6 uppdrag .*avhuggen.*--most-ended 67 \(4 of 6/);
  assert.equal((await program("preview", fewer, "--complete", "--most-ended", "67")).code, 0);
  for (const args of [
    [],
    ["preview"],
    ["apply", file],
    ["forget", file],
    ["preview", file, "--most-ended", "101"],
    ["preview", `${file}.none`],
  ])
    assert.equal((await program(...args)).code, 1);
});
