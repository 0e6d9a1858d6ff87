/**
 * Texts on a screen, in print and in a PDF: thousands at a time in a page of real Chromium that shows them by the chart's own code, read
 * back from the page, from the page as it is laid out for the screen and for paper, and from the PDF.
 *
 * SPEC CLI-FUZZ-10, CLI-FUZZ-11
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { paperWords } from "../../../base/index.ts";
import type { Fault } from "./channels.ts";
import { Chromium } from "./chromium.ts";
import { wordsOfPdf } from "./pdf-words.ts";

export type Shown = { readonly screen: string; readonly print: string; readonly pdf: string };
export type ShownFaults = Partial<Record<keyof Shown, Fault>>;

const SAME: Fault = (text) => text;
const MARKED = /\u00a7(\d+)\u00a7/;

/** What reaches over a page's edge, such as the dots of q\u0323\u0307 at its foot, is painted on both pages and would be read twice. */
const WHOLE_ON_A_PAGE = "@media print { section { break-inside: avoid; padding-block: 1em; } }";

export class Screen {
  private readonly browser: Chromium;

  private constructor(browser: Chromium) {
    this.browser = browser;
  }

  /** Bundles the page from the sources in `root` and opens it. Errors: an Error when the sources are not there. */
  static async open(path: string, root: string, folder: string): Promise<Screen> {
    const entry = join(root, "src/web/words/trial.tsx");
    if (!existsSync(entry)) throw new Error("The screen's part needs the sources of the application (src/web).");
    const { build } = await import("esbuild");
    const out = join(folder, "page");
    mkdirSync(out, { recursive: true });
    await build({
      entryPoints: [entry],
      outfile: join(out, "trial.js"),
      absWorkingDir: root,
      bundle: true,
      format: "iife",
      jsx: "automatic",
      target: "es2022",
      minify: true,
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "warning",
    });
    const page = join(out, "trial.html");
    writeFileSync(
      page,
      `<!doctype html><html lang="sv" data-mantine-color-scheme="light"><meta charset="utf-8"><link rel="stylesheet" href="trial.css"><style>${WHOLE_ON_A_PAGE}</style><body><script src="trial.js"></script></body></html>`,
    );
    const browser = await Chromium.open(path, join(folder, "profile"), pathToFileURL(page).href);
    const screen = new Screen(browser);
    await screen.ready();
    return screen;
  }

  /** What stands where of each text, the PDF's in the form of paper. */
  async show(texts: readonly string[], faults: ShownFaults = {}): Promise<readonly Shown[]> {
    await this.fill(texts.map(faults.screen ?? SAME));
    const screen = await this.readBack("screen");
    if (faults.screen !== undefined || faults.print !== undefined) await this.fill(texts.map(faults.print ?? SAME));
    const print = await this.readBack("print");
    if (faults.print !== undefined || faults.pdf !== undefined) await this.fill(texts.map(faults.pdf ?? SAME));
    const printed = textsOf(wordsOfPdf(await this.browser.pdf()).join(""));
    return texts.map((_, at) => ({
      screen: screen[at] ?? "",
      print: print[at] ?? "",
      pdf: paperWords(printed.get(at) ?? ""),
    }));
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  private async ready(): Promise<void> {
    for (let look = 0; look < 200; look += 1) {
      if (await this.browser.evaluate<boolean>("typeof trial === 'object'").catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("The page did not come up in Chromium.");
  }

  private fill(texts: readonly string[]): Promise<number> {
    return this.browser.evaluate(`trial.show(${JSON.stringify(texts)})`);
  }

  /** Both readings of a text, which have to agree: what the page holds, and what is laid out. */
  private async readBack(media: "screen" | "print"): Promise<readonly string[]> {
    await this.browser.showAs(media);
    const read = await this.browser.evaluate<[string, string][]>("trial.read()");
    return read.map(([held, laidOut]) => (held === laidOut ? held : `\u0000 held ${held} laid out ${laidOut}`));
  }
}

const RIGHT = "[\\u0590-\\u08ff\\ufb1d-\\ufdff]+";
const FROM_RIGHT = new RegExp(`${RIGHT}(?:\\s+${RIGHT})+`, "g");

/** Whether a printed text is this one: words from right to left may be painted from the left, the last one of a line or of several lines first. */
export function isPrinted(text: string, printed: string): boolean {
  const turned = (part: string): string =>
    part.replaceAll(FROM_RIGHT, (run) => run.split(/\s+/).toReversed().join(" "));
  const lines = text.split(/\r\n|[\n\r]/);
  return [text, turned(text), lines.map(turned).join("\n")].some((one) => printed === paperWords(one));
}

/** The printed texts by their numbers. */
function textsOf(printed: string): ReadonlyMap<number, string> {
  const [, ...parts] = printed.split(MARKED);
  const texts = new Map<number, string>();
  for (let at = 0; at < parts.length; at += 2) texts.set(Number(parts[at]), parts[at + 1] ?? "");
  return texts;
}
