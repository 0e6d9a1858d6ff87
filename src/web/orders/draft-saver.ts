/**
 * Keeps a basket, or a line that is being typed, at the server as it changes, within two seconds and one call after another: what was
 * changed while a call was under way goes with the next, and what failed is tried again.
 *
 * SPEC WEB-ORDER-6 · ux.md section 8 (nothing saved is lost)
 */
import type { Draft, OrderLine, SeenDraft } from "../wire/orders.ts";

export type Saving =
  | { readonly state: "saved"; readonly at: string | null }
  | { readonly state: "waiting" }
  | { readonly state: "failed"; readonly error: unknown };
export type Hands<Words = readonly OrderLine[], Kept extends Seen = Draft> = {
  readonly save: (seen: SeenDraft, words: Words) => Promise<Kept | null>;
  readonly tell: (saving: Saving) => void;
  readonly waitMs?: number;
  readonly againMs?: number;
};

type Seen = { readonly id: string; readonly version: number; readonly saved: string };

const WAIT_MS = 700;
const AGAIN_MS = 5_000;

export class DraftSaver<Words = readonly OrderLine[], Kept extends Seen = Draft> {
  private readonly hands: Hands<Words, Kept>;
  private seen: SeenDraft;
  private wanted: Words | undefined;
  private running: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(hands: Hands<Words, Kept>, seen: SeenDraft) {
    this.hands = hands;
    this.seen = seen;
  }

  /** The words are like this from now on. */
  change(words: Words): void {
    this.wanted = words;
    this.hands.tell({ state: "waiting" });
    this.later(this.hands.waitMs ?? WAIT_MS);
  }

  /** Saves what is not saved; answers the draft that stands then. */
  async flush(): Promise<SeenDraft> {
    clearTimeout(this.timer);
    while (this.running !== undefined) await this.running;
    if (this.wanted === undefined) return this.seen;
    this.running = this.save(this.wanted);
    this.wanted = undefined;
    await this.running;
    return this.seen;
  }

  /** It was sent, or taken away by somebody else: there is no draft any more. */
  forget(seen: SeenDraft = null): void {
    clearTimeout(this.timer);
    this.wanted = undefined;
    this.seen = seen;
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async save(words: Words): Promise<void> {
    try {
      const draft = await this.hands.save(this.seen, words);
      this.seen = draft;
      if (this.wanted === undefined) this.hands.tell({ state: "saved", at: draft?.saved ?? null });
    } catch (error) {
      this.wanted ??= words;
      this.hands.tell({ state: "failed", error });
      this.later(this.hands.againMs ?? AGAIN_MS);
    } finally {
      this.running = undefined;
    }
  }
}
