/** A small checkout with the real scripts and packages, and a program of a few lines in the place of Eira. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { root } from "../checks/check.ts";

const PROGRAM = `
import { word } from "./store/index.ts";
const [command] = process.argv.slice(2);
if (command === "say") console.log(word());
if (command === "code") process.exitCode = 5;
if (command === "stay") {
  const alive = setInterval(() => undefined, 1000);
  process.on("SIGTERM", () => { clearInterval(alive); process.exitCode = 9; });
  console.log("ready");
}
`;
const STORE = `
import { readFileSync } from "node:fs";
export const word = (): string => readFileSync(new URL("./words/one.sql", import.meta.url), "utf8").trim();
`;

const made: string[] = [];
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

function makeCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), "eira-checkout-"));
  made.push(folder);
  for (const name of ["package.json", "package-lock.json", ".npmrc"]) cpSync(join(root, name), join(folder, name));
  cpSync(join(root, "scripts"), join(folder, "scripts"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  write(folder, "src/main.ts", PROGRAM);
  write(folder, "src/store/index.ts", STORE);
  write(folder, "src/store/words/one.sql", "hello\n");
  return folder;
}

let built: string | undefined;

/** A checkout that has been built, for tests that leave it as it was. */
function builtCheckout(): string {
  if (built === undefined) {
    built = makeCheckout();
    eira(built, "say");
  }
  return built;
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function eira(folder: string, command: string): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/eira.mjs", command], {
    cwd: folder,
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}

function groupIsAlive(leader: number): boolean {
  try {
    return process.kill(-leader, 0);
  } catch {
    return false;
  }
}

const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.on("exit", resolve));

test("HOUSE-START-1 a Node.js that is too old is refused in words", () => {
  const script = `
    import { isSupportedNode, refuseOldNode } from ${JSON.stringify(join(root, "scripts/prepare/node-version.mjs"))};
    const versions = ["v18.20.0", "v20.18.3", "v20.19.0", "v21.7.0", "v22.11.0", "v22.12.0", "v24.0.0"];
    console.log(versions.map(isSupportedNode).join());
    Object.defineProperty(process, "version", { value: "v18.20.0" });
    refuseOldNode();
  `;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(run.stdout.trim(), "false,false,true,false,false,true,true");
  assert.equal(run.status, 1);
  assert.match(run.stderr, /needs Node\.js 20\.19 or newer.*this is v18\.20\.0/);
});

test("HOUSE-START-2, HOUSE-START-7 and HOUSE-START-9 a first command builds, prints only the program's words, and passes on its code", () => {
  const folder = makeCheckout();
  const first = eira(folder, "say");
  assert.deepEqual([first.code, first.out], [0, "hello\n"]);
  assert.match(first.err, /Built server/);
  assert.deepEqual(eira(folder, "say"), { code: 0, out: "hello\n", err: "" });
  assert.equal(eira(folder, "code").code, 5);
});

test("HOUSE-START-2 npm adds nothing to what the program prints", () => {
  const folder = builtCheckout();
  const run = spawnSync("npm", ["run", "eira", "--", "say"], { cwd: folder, encoding: "utf8" });
  assert.deepEqual([run.status, run.stdout], [0, "hello\n"]);
  assert.equal(spawnSync("npm", ["run", "eira", "--", "code"], { cwd: folder }).status, 5);
});

test("HOUSE-START-3 nothing is written when nothing has changed", () => {
  const folder = builtCheckout();
  const before = readdirSync(join(folder, "dist")).map((name) => [name, statSync(join(folder, "dist", name)).mtimeMs]);
  assert.equal(eira(folder, "say").out, "hello\n");
  const now = readdirSync(join(folder, "dist")).map((name) => [name, statSync(join(folder, "dist", name)).mtimeMs]);
  assert.deepEqual(now, before);
});

test("HOUSE-START-4 a changed source is built, other file times alone are not", () => {
  const folder = makeCheckout();
  eira(folder, "say");
  utimesSync(join(folder, "src/main.ts"), new Date(0), new Date(0));
  assert.equal(eira(folder, "say").err, "");
  write(folder, "src/store/words/one.sql", "changed\n");
  const run = eira(folder, "say");
  assert.equal(run.out, "changed\n");
  assert.match(run.err, /Built server/);
  write(folder, "src/store/a.test.ts", "a test is no part of the product");
  assert.equal(eira(folder, "say").err, "");
});

test("HOUSE-START-5 two commands at once both run and build once", async () => {
  const folder = makeCheckout();
  const runs = [1, 2, 3].map(async () => {
    const child = spawn(process.execPath, ["scripts/eira.mjs", "say"], { cwd: folder });
    const told = { out: "", err: "" };
    child.stdout.on("data", (part: Buffer) => (told.out += part.toString()));
    child.stderr.on("data", (part: Buffer) => (told.err += part.toString()));
    return { code: await ended(child), told };
  });
  const results = await Promise.all(runs);
  assert.deepEqual(
    results.map(({ code, told }) => [code, told.out]),
    Array(3).fill([0, "hello\n"]),
  );
  assert.equal(results.filter(({ told }) => told.err.includes("Built server")).length, 1);
});

test("HOUSE-START-6 a lock left by a killed command does not stop the next", async () => {
  const folder = makeCheckout();
  const child = spawn(process.execPath, ["scripts/eira.mjs", "say"], { cwd: folder, stdio: "ignore" });
  const exit = ended(child);
  while (!readdirSync(folder).includes("dist") || !readdirSync(join(folder, "dist")).includes(".preparing")) {
    assert.equal(child.exitCode, null, "the command ended before it could be killed");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  child.kill("SIGKILL");
  await exit;
  assert.deepEqual(eira(folder, "say").out, "hello\n");
  assert.equal(readdirSync(join(folder, "dist")).includes(".preparing"), false);
});

test("HOUSE-START-7 a signal reaches the program itself", async () => {
  const folder = builtCheckout();
  const child = spawn(process.execPath, ["scripts/eira.mjs", "stay"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = ended(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGTERM");
  assert.equal(await exit, 9);
});

test("HOUSE-START-10 a signal to npm ends the program", async () => {
  const folder = builtCheckout();
  const npm = spawn("npm", ["run", "eira", "--", "stay"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const pid = npm.pid ?? 0;
  const exit = ended(npm);
  const outputEnds = new Promise((resolve) => npm.stdout.on("end", () => resolve("ended")));
  await new Promise((resolve) => npm.stdout.once("data", resolve));
  npm.kill("SIGTERM");
  await exit;
  const late = new Promise((resolve) => setTimeout(() => resolve("still running"), 3_000).unref());
  try {
    assert.equal(await Promise.race([outputEnds, late]), "ended"); // its standard output closes when the last of them is gone
  } finally {
    if (groupIsAlive(pid)) process.kill(-pid, "SIGKILL");
  }
});

test("HOUSE-START-8 a build that fails ends with 1 and leaves the previous one", () => {
  const folder = makeCheckout();
  eira(folder, "say");
  const built = readFileSync(join(folder, "dist/server/main.js"), "utf8");
  write(folder, "src/main.ts", "const = ;");
  const run = eira(folder, "say");
  assert.deepEqual([run.code, run.out], [1, ""]);
  assert.match(run.err, /Building server failed/);
  assert.equal(readFileSync(join(folder, "dist/server/main.js"), "utf8"), built);
  assert.deepEqual(readdirSync(join(folder, "dist")).toSorted(), ["server", "server.inputs.json"]);
});
