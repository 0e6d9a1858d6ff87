/**
 * For tests of the test databases: a process of its own that ensures a template, makes a database, tells its address
 * in a line of JSON, and then stays until its input ends ("hold"; "lend" with one that is kept) or has nothing more to do ("end").
 */
import { ensureTemplate, keptDatabase, testDatabase } from "./index.ts";
import { makeSlowly } from "./slow-migration.ts";

const [, , name = "", manner = "hold"] = process.argv;
let made = 0;
const template = await ensureTemplate(name, async (config) => {
  made++;
  await makeSlowly(config);
});
const { url } = manner === "lend" ? await keptDatabase(template) : await testDatabase({ template });
console.log(JSON.stringify({ url, made }));
if (manner !== "end") process.stdin.resume();
