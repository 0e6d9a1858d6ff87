/**
 * `eira fuzz words [--texts N] [--seed S] [--plant CHANNEL|all] [--chromium PATH]`: generated texts through FHIR JSON and XML, HL7 v2 in UTF-8
 * and ISO 8859-1, a whole installation with its database, and real Chromium's screen, print and PDF. It claims that each came out as it was
 * or was refused, and that no word can be taken out of any without being told. `--plant` (a channel, or all) makes channels lose or change words, and then
 * the claim must not hold.
 *
 * SPEC CLI-FUZZ-8 to CLI-FUZZ-12 · failure modes F17, F18
 */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { seededRandom } from "../../../base/index.ts";
import { flag, numberFlag, type Command, type Invocation } from "../../command.ts";
import { fhirChannels, hl7Channel, type Fault } from "./channels.ts";
import { chromiumOf } from "./chromium.ts";
import { deletionsOf } from "./deletions.ts";
import { isPermitted, wordText } from "./generate.ts";
import { Record } from "./record.ts";
import { isPrinted, Screen } from "./screen.ts";
import { CHANNELS, Verdict, type ChannelName } from "./verdict.ts";

const TEXTS = 1_000_000;
/** Texts in a page of the browser; more cost more each. */
const A_PAGE = 4000;
const A_RECORD = 400;
const A_BREATH = 50;
const SHOWN = 10;

type Faults = { readonly [name in ChannelName]?: Fault };
type Work = {
  readonly record: Record;
  readonly screen: Screen;
  readonly verdict: Verdict;
  readonly faults: Faults;
  readonly tell: (line: string) => void;
};

export const fuzzWordsCommand: Command = async (invocation) => {
  const { args, config, terminal, clock } = invocation;
  const texts = numberFlag(args, "texts", TEXTS);
  const seed = numberFlag(args, "seed", clock().getTime() % 1_000_000);
  const planted = plantedIn(flag(args, "plant"));
  const chromium = chromiumOf(flag(args, "chromium"));
  if (chromium === undefined) throw new Error("Chromium is not here; name it with --chromium PATH.");
  terminal.tell(`seed ${seed}: ${texts} texts`);
  const folder = mkdtempSync(join(tmpdir(), "eira-words-"));
  const opened: { close: () => Promise<void> }[] = [];
  try {
    const screen = await Screen.open(chromium, join(config.webRoot, "../.."), folder);
    opened.push(screen);
    const record = await Record.open(invocation, join(folder, "data"));
    opened.push(record);
    const verdict = new Verdict((line) => terminal.tell(line));
    const faults = Object.fromEntries(planted.map((name) => [name, plantedFault]));
    return await run(invocation, { texts, seed, planted }, { record, screen, verdict, faults, tell: terminal.tell });
  } finally {
    for (const one of opened) await one.close();
    await rm(folder, { recursive: true, force: true });
  }
};

type Asked = { readonly texts: number; readonly seed: number; readonly planted: readonly ChannelName[] };

async function run({ terminal, clock }: Invocation, asked: Asked, work: Work): Promise<number> {
  const random = seededRandom(asked.seed);
  const began = clock().getTime();
  const deletions = { words: 0, unnoticed: 0 };
  let changed = 0;
  /** The browser and the server may be one page behind. */
  let behind: Promise<unknown> = Promise.resolve();
  for (let done = 0; done < asked.texts;) {
    const texts = Array.from({ length: Math.min(A_PAGE, asked.texts - done) }, () => wordText(random));
    const ahead = behind.then(() => Promise.all([showTexts(work, texts.filter(isPermitted)), keepTexts(work, texts)]));
    ahead.catch(() => undefined); // told when it is waited for
    for (const text of texts) {
      carryText(work, text, deletions);
      if (plantedFault(text) !== text) changed += 1;
      if ((done += 1) % A_BREATH === 0) await setImmediate(); // the browser and the server are to have work meanwhile
    }
    await behind;
    behind = ahead;
    terminal.progress(`${done} of ${asked.texts}`);
  }
  await behind;
  const seconds = Math.round((clock().getTime() - began) / 1000);
  const plant = asked.planted.length === 0 ? {} : { planted: asked.planted, changed };
  const { counts } = work.verdict;
  terminal.print(JSON.stringify({ texts: asked.texts, ...counts, deletions, ...plant, seconds, seed: asked.seed }));
  return work.verdict.isSound() && deletions.words > 0 && deletions.unnoticed === 0 ? 0 : 1;
}

function carryText(
  { verdict, faults, tell }: Work,
  text: string,
  deletions: { words: number; unnoticed: number },
): void {
  const { json, xml } = fhirChannels(text, faults);
  verdict.judge("json", text, json);
  verdict.judge("xml", text, xml);
  verdict.judge("hl7Utf8", text, hl7Channel(text, "utf-8", faults.hl7Utf8));
  verdict.judge("hl7Latin1", text, hl7Channel(text, "iso-8859-1", faults.hl7Latin1));
  const { words, unnoticed } = deletionsOf(text);
  deletions.words += words;
  deletions.unnoticed += unnoticed.length;
  if (unnoticed.length > 0 && deletions.unnoticed <= SHOWN)
    tell(`not noticed: ${JSON.stringify(unnoticed)} of ${JSON.stringify(text)}`);
}

async function showTexts({ screen, verdict, faults }: Work, texts: readonly string[]): Promise<void> {
  const shown = await screen.show(texts, faults);
  for (const [at, text] of texts.entries()) {
    const one = shown[at] ?? { screen: "", print: "", pdf: "" };
    verdict.judge("screen", text, { text: one.screen });
    verdict.judge("print", text, { text: one.print });
    verdict.judge("pdf", text, { text: one.pdf }, isPrinted);
  }
}

/** Hundreds in a record; what must be refused in one of its own, and so do those that are to be found one by one. */
async function keepTexts({ record, verdict, faults }: Work, texts: readonly string[]): Promise<void> {
  const fault = faults.record;
  const isAlone = (text: string): boolean => !isPermitted(text) || (fault !== undefined && fault(text) !== text);
  const together = texts.filter((text) => !isAlone(text));
  const parts = texts.filter(isAlone).map((text) => [text]);
  for (let from = 0; from < together.length; from += A_RECORD) parts.push(together.slice(from, from + A_RECORD));
  for (const part of parts) {
    const kept = await record.keep(part, fault);
    for (const [at, text] of part.entries()) verdict.judge("record", text, kept[at] ?? { text: "" });
  }
}

function plantedIn(name: string | undefined): readonly ChannelName[] {
  if (name === undefined) return [];
  if (name === "all") return CHANNELS;
  const known = CHANNELS.find((one) => one === name);
  if (known === undefined) throw new Error(`--plant is all or one of ${CHANNELS.join(", ")}.`);
  return [known];
}

const DENIAL = /\b(?:ingen|inga|ej|inte|utan) ?/i;

/** Loses a denial, else an å, else whatever follows an ampersand. */
const plantedFault: Fault = (text) => {
  if (!isPermitted(text)) return text;
  if (DENIAL.test(text)) return text.replace(DENIAL, "");
  return text.includes("å") ? text.replace("å", "a") : text.replace(/&[^]*/, "");
};
