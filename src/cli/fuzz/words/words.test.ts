/** Rules of ../../SPEC.md: texts through every channel. The long run is a command; here is a short one, and one with planted faults. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { seededRandom } from "../../../base/index.ts";
import type { Invocation } from "../../command.ts";
import { configOf } from "../../config.ts";
import { MAIN, ROOT } from "../../testing/index.ts";
import { chromiumOf } from "./chromium.ts";
import { fuzzWordsCommand } from "./command.ts";
import { deletionsOf } from "./deletions.ts";
import { isPermitted, wordText } from "./generate.ts";
import { CHANNELS, type Counts } from "./verdict.ts";

const SEED = 7;

async function fuzz(
  ...more: string[]
): Promise<{ readonly code: number; readonly said: Record<string, unknown>; readonly told: string }> {
  const printed: string[] = [];
  const told: string[] = [];
  const chromium = chromiumOf(process.env["EIRA_CHROMIUM"]);
  const invocation: Invocation = {
    args: [
      "fuzz",
      "words",
      "--seed",
      String(SEED),
      ...(chromium === undefined ? [] : ["--chromium", chromium]),
      ...more,
    ],
    config: configOf({}, { webRoot: join(ROOT, "dist/web"), version: "test" }),
    terminal: {
      print: (line) => printed.push(line),
      tell: (line) => told.push(line),
      progress: () => undefined,
      onStop: () => undefined,
    },
    clock: () => new Date(),
    self: { command: [process.execPath, ...MAIN], environment: process.env },
  };
  const code = await fuzzWordsCommand(invocation);
  return { code, said: JSON.parse(printed.at(-1) ?? "{}") as Record<string, unknown>, told: told.join("\n") };
}

test(`CLI-FUZZ-8, CLI-FUZZ-9, CLI-FUZZ-10, CLI-FUZZ-11 texts come out of every channel as they went in, and no word goes unnoticed (seed ${SEED})`, async () => {
  const { code, said, told } = await fuzz("--texts", "600");
  assert.equal(code, 0, `${told}\n${JSON.stringify(said)}`);
  for (const name of CHANNELS) {
    const { texts, same, refused, differs } = said[name] as Counts;
    assert.deepEqual([texts, same + refused, differs], [texts, texts, 0], name);
    assert.ok(texts >= 595 && same > 200, name);
  }
  const { words, unnoticed } = said["deletions"] as { words: number; unnoticed: number };
  assert.ok(words > 2000 && unnoticed === 0);
});

test(`CLI-FUZZ-12 what a planted fault changes is found in every channel, all of it (seed ${SEED})`, async () => {
  const { code, said } = await fuzz("--texts", "100", "--plant", "all");
  assert.equal(code, 1);
  const changed = Number(said["changed"]);
  assert.ok(changed > 15);
  for (const name of CHANNELS) {
    const { differs } = said[name] as Counts;
    if (name === "hl7Latin1") assert.ok(differs > 2 && differs <= changed, name);
    else assert.equal(differs, changed, name);
  }
  await assert.rejects(fuzz("--texts", "1", "--plant", "elsewhere"), /--plant is all or one of json/);
});

test("CLI-FUZZ-13 the same seed gives the same texts, and every kind comes", () => {
  const take = (seed: number): readonly string[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 8000 }, () => wordText(random));
  };
  const texts = take(1);
  assert.deepEqual(texts, take(1));
  assert.notDeepEqual(texts, take(2));
  const all = texts.join("\u0000").toLowerCase();
  for (const word of "ingen inga ej inte utan nil null none NA | ^ & ~ \\ < å ä ö Å µ ≥ − 😀 A\u030a \u200f \u202e \u200b".split(
    " ",
  ))
    assert.ok(all.includes(word.toLowerCase()), word);
  assert.ok(
    texts.some((one) => one.length > 500) &&
      texts.some((one) => /^\s/.test(one)) &&
      texts.some((one) => /\s$/.test(one)),
  );
  const forbidden = texts.filter((one) => !isPermitted(one));
  assert.ok(forbidden.length > 0 && forbidden.length < 30);
  assert.deepEqual(deletionsOf("Ingen feber, ej hosta"), { words: 4, unnoticed: [] });
});
