/**
 * Keeps a note at the server as it is being written, within two seconds of each change and one call after another. It sends what this window
 * changed with what it had seen there, takes in what others have written where nobody writes here, and tries again what failed: the words
 * stay in the window until the server has them.
 *
 * SPEC WEB-WRITE-3, WEB-WRITE-4 · ux.md section 8 (nothing saved is lost) · F34
 */
import type { Contact, Draft, DraftSection, DraftWish, Pulled, SectionChange } from "../wire/notes.ts";

export type Saving =
  | { readonly state: "saved"; readonly at: string | null }
  | { readonly state: "waiting" }
  | { readonly state: "failed"; readonly error: unknown }
  /** The draft was signed or thrown away in another window. */
  | { readonly state: "gone" };
export type Held = {
  readonly template: string;
  readonly contact: Contact;
  readonly sections: ReadonlyMap<string, DraftSection>;
  readonly saving: Saving;
};
export type Hands = {
  readonly save: (wish: DraftWish) => Promise<Draft>;
  readonly look: () => Promise<Draft | null>;
  readonly isGone: (error: unknown) => boolean;
  readonly tell: (held: Held) => void;
  readonly window: string;
  readonly waitMs?: number;
  readonly againMs?: number;
};

const WAIT_MS = 700;
const AGAIN_MS = 4_000;

export class NoteSaver {
  private readonly hands: Hands;
  private draft: { readonly id: string; readonly version: number } | null;
  private held: Held;
  /** The text of each section that this window has seen at the server. */
  private readonly seen = new Map<string, string>();
  private readonly settled = new Map<string, readonly string[]>();
  private isChosen = false;
  private turn = 0;
  private running: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(hands: Hands, draft: Draft | null, start: Pick<Held, "template" | "contact">) {
    this.hands = hands;
    this.draft = draft;
    this.held = { ...start, ...(draft === null ? {} : { template: draft.template, contact: draft.contact }), sections: new Map(draft?.sections.map((one) => [one.key, one])), saving: { state: "saved", at: draft?.saved ?? null } }; // prettier-ignore
    for (const { key, text } of draft?.sections ?? []) this.seen.set(key, text);
  }

  get now(): Held {
    return this.held;
  }

  /** The text under a search word is like this from now on. */
  write(key: string, title: string, text: string, more: readonly Pulled[] = []): void {
    const was = this.held.sections.get(key);
    this.put({ key, title, text, pulled: [...(was?.pulled ?? []), ...more], also: was?.also ?? [] });
    this.soon();
  }

  choose(choice: Partial<Pick<Held, "template" | "contact">>): void {
    this.isChosen = true;
    this.held = { ...this.held, ...choice };
    this.soon();
  }

  /** Another window's text has been dealt with. */
  settle(key: string, text: string): void {
    const was = this.held.sections.get(key);
    if (was === undefined) return;
    this.settled.set(key, [...(this.settled.get(key) ?? []), text]);
    this.put({ ...was, also: was.also.filter((one) => one.text !== text) });
    this.soon();
  }

  /** Saves what is not saved; answers the draft that stands then, and nothing when the words are not there. */
  async flush(): Promise<{ readonly id: string; readonly version: number } | undefined> {
    clearTimeout(this.timer);
    while (this.running !== undefined) await this.running;
    if (this.held.saving.state === "gone") return undefined;
    if (this.isDirty || this.draft === null) await this.run();
    return this.isDirty ? undefined : (this.draft ?? undefined);
  }

  /** Takes in what other windows have written. */
  async look(): Promise<void> {
    if (this.draft === null || this.running !== undefined || this.held.saving.state === "gone") return;
    try {
      const draft = await this.hands.look();
      if (this.running !== undefined) return;
      if (draft?.id !== this.draft.id) this.tell({ state: "gone" });
      else if (draft.version > this.draft.version) this.take(draft, []);
    } catch {
      // The next save tells what is wrong.
    }
  }

  /** What stands in this window becomes a draft of its own. */
  begin(): Promise<unknown> {
    this.draft = null;
    this.seen.clear();
    this.tell({ state: "waiting" });
    return this.flush();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  get isDirty(): boolean {
    return this.isChosen || this.settled.size > 0 || this.changes().length > 0;
  }

  private changes(): readonly SectionChange[] {
    return [...this.held.sections.values()].flatMap(({ key, title, text, pulled }) => {
      const [was, settled] = [this.seen.get(key) ?? "", this.settled.get(key) ?? []];
      return text === was && settled.length === 0 ? [] : [{ key, title, was, text, pulled, settled }];
    });
  }

  private soon(ms = this.hands.waitMs ?? WAIT_MS): void {
    if (this.held.saving.state === "gone") return;
    this.tell({ state: "waiting" });
    this.later(ms);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async run(): Promise<void> {
    this.running = this.save();
    await this.running;
  }

  private async save(): Promise<void> {
    const changes = this.changes();
    const settled = new Map(this.settled);
    const { template, contact } = this.held;
    this.settled.clear();
    this.isChosen = false;
    this.turn += 1;
    try {
      const wish = { window: this.hands.window, turn: this.turn, draft: this.draft?.id ?? null, template, contact, changes };
      this.take(await this.hands.save(wish), changes);
      if (this.isDirty) this.soon();
    } catch (error) {
      this.isChosen = true;
      for (const [key, texts] of settled) this.settled.set(key, [...texts, ...(this.settled.get(key) ?? [])]);
      const isGone = this.hands.isGone(error);
      this.tell(isGone ? { state: "gone" } : { state: "failed", error });
      if (!isGone) this.later(this.hands.againMs ?? AGAIN_MS);
    } finally {
      this.running = undefined;
    }
  } // prettier-ignore

  /** The draft as the server has it; where somebody writes here, what is written here stands. */
  private take(draft: Draft, sent: readonly SectionChange[]): void {
    this.draft = { id: draft.id, version: draft.version };
    const sections = new Map(this.held.sections);
    for (const one of draft.sections) {
      const own = sections.get(one.key);
      const mine = sent.find(({ key }) => key === one.key)?.text;
      const isUntouched = (own?.text ?? "") === (mine ?? this.seen.get(one.key) ?? "");
      if (isUntouched || mine !== undefined) this.seen.set(one.key, one.text);
      const dealt = this.settled.get(one.key) ?? [];
      const also = one.also.filter(({ text }) => !dealt.includes(text));
      sections.set(one.key, own === undefined || isUntouched ? { ...one, also } : { ...own, also });
    }
    this.held = { ...this.held, sections };
    this.tell({ state: "saved", at: draft.saved });
  }

  private put(section: DraftSection): void {
    this.held = { ...this.held, sections: new Map(this.held.sections).set(section.key, section) };
  }

  private tell(saving: Saving): void {
    this.held = { ...this.held, saving };
    this.hands.tell(this.held);
  }
}
