/**
 * Keeps the basket at the server as it is being filled, within two seconds of each change and one call after another: what was changed
 * while a call was under way goes with the next, and what failed is tried again.
 *
 * SPEC WEB-ORDER-6 · ux.md section 8 (nothing saved is lost)
 */
import type { Draft, OrderLine, SeenDraft } from "../wire/orders.ts";

export type Saving =
  | { readonly state: "saved"; readonly at: string | null }
  | { readonly state: "waiting" }
  | { readonly state: "failed"; readonly error: unknown };
export type Hands = {
  readonly save: (seen: SeenDraft, lines: readonly OrderLine[]) => Promise<Draft | null>;
  readonly tell: (saving: Saving) => void;
  readonly waitMs?: number;
  readonly againMs?: number;
};

const WAIT_MS = 700;
const AGAIN_MS = 5_000;

export class DraftSaver {
  private readonly hands: Hands;
  private seen: SeenDraft;
  private wanted: readonly OrderLine[] | undefined;
  private running: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(hands: Hands, seen: SeenDraft) {
    this.hands = hands;
    this.seen = seen;
  }

  /** The basket is like this from now on. */
  change(lines: readonly OrderLine[]): void {
    this.wanted = lines;
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

  private async save(lines: readonly OrderLine[]): Promise<void> {
    try {
      const draft = await this.hands.save(this.seen, lines);
      this.seen = draft;
      if (this.wanted === undefined) this.hands.tell({ state: "saved", at: draft?.saved ?? null });
    } catch (error) {
      this.wanted ??= lines;
      this.hands.tell({ state: "failed", error });
      this.later(this.hands.againMs ?? AGAIN_MS);
    } finally {
      this.running = undefined;
    }
  }
}
