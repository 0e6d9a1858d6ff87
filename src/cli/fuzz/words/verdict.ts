/** What became of the texts in each channel, and whether that may be. SPEC CLI-FUZZ-8 */
import type { Carried } from "./channels.ts";
import { isPermitted } from "./generate.ts";

export const CHANNELS = ["json", "xml", "hl7Utf8", "hl7Latin1", "record", "screen", "print", "pdf"] as const;
export type ChannelName = (typeof CHANNELS)[number];

export type Counts = { texts: number; same: number; refused: number; differs: number };

const SHOWN = 10;

export class Verdict {
  readonly counts: { readonly [name in ChannelName]: Counts };
  private readonly tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    this.tell = tell;
    const none = (): Counts => ({ texts: 0, same: 0, refused: 0, differs: 0 });
    this.counts = Object.fromEntries(CHANNELS.map((name) => [name, none()])) as Record<ChannelName, Counts>;
  }

  /** Judges what came out of a channel. A refusal is right where the text may not be, or cannot be written so. */
  judge(name: ChannelName, text: string, carried: Carried, isSame = same): void {
    const counts = this.counts[name];
    counts.texts += 1;
    if ("refused" in carried) {
      if (mayBeRefused(name, text)) counts.refused += 1;
      else this.differs(name, text, `refused: ${carried.refused}`);
    } else if (isSame(text, carried.text)) counts.same += 1;
    else this.differs(name, text, carried.text);
  }

  /** Whether every channel was tried, and none lost or changed a text. */
  isSound(): boolean {
    return CHANNELS.every((name) => this.counts[name].same > 0 && this.counts[name].differs === 0);
  }

  private differs(name: ChannelName, text: string, came: string): void {
    const counts = this.counts[name];
    counts.differs += 1;
    if (counts.differs <= SHOWN)
      this.tell(`${name}: ${JSON.stringify(text).slice(0, 400)} became ${JSON.stringify(came).slice(0, 400)}`);
  }
}

function same(text: string, came: string): boolean {
  return text === came;
}

function mayBeRefused(name: ChannelName, text: string): boolean {
  if (name === "hl7Latin1") return /[^\u0000-\u007f\u00a0-\u00ff]/.test(text);
  return name !== "hl7Utf8" && !isPermitted(text);
}
