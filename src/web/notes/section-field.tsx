/** One search word of a note: its text, phrases and values after a full stop, and what another window has written there. SPEC WEB-WRITE-2, WEB-WRITE-5 */
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Button, Textarea } from "../ui/controls.ts";
import { useListbox } from "../ui/listbox.ts";
import type { DraftSection, Phrase, Pulled, PullKind } from "../wire/notes.ts";
import styles from "./notes.module.css";
import { askedAt, suggestionsFor, withInserted, type Asked, type Suggestion } from "./suggest.ts";
import { useNoteTexts } from "./use-note-texts.ts";

export type SectionProps = {
  readonly word: { readonly key: string; readonly title: string; readonly isNeeded: boolean };
  readonly section: DraftSection | undefined;
  readonly phrases: readonly Phrase[];
  readonly isLocked: boolean;
  readonly write: (text: string, pulled?: readonly Pulled[]) => void;
  readonly settle: (text: string) => void;
  readonly pull: (kind: PullKind) => Promise<readonly Pulled[] | undefined>;
  readonly focused: () => void;
};

export function SectionField({ word, section, phrases, isLocked, write, settle, pull, focused }: SectionProps): ReactNode {
  const texts = useNoteTexts();
  const field = useRef<HTMLTextAreaElement>(null);
  const [asked, setAsked] = useState<Asked>();
  const text = section?.text ?? "";
  const found = asked === undefined ? [] : suggestionsFor(asked.typed, phrases, texts.pullShorts);
  const latest = useRef(text);
  latest.current = text;
  const put = (next: { readonly text: string; readonly caret: number }, pulled?: readonly Pulled[]): void => {
    write(next.text, pulled);
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret));
  };
  const choose = (one: Suggestion | undefined): void => {
    if (asked === undefined || one === undefined) return;
    setAsked(undefined);
    if ("phrase" in one) put(withInserted(text, asked, one.phrase.text));
    else void pull(one.pull).then((lines) => insert(lines, asked));
  };
  const insert = (lines: readonly Pulled[] | undefined, place: Asked): void => {
    if (lines === undefined || lines.length === 0) return;
    const standing = latest.current;
    const isThere = standing.slice(place.from, place.to) === `.${place.typed}`;
    const where = isThere ? place : { from: standing.length, to: standing.length };
    put(withInserted(standing, where, lines.map(({ line }) => line).join("\n"), true), lines);
  };
  const isOpen = found.length > 0;
  const list = useListbox({ count: found.length, isOpen, choose: (at) => choose(found[at]), resetOn: asked?.typed ?? "" });
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (!isOpen || event.ctrlKey) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setAsked(undefined);
    } else if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      choose(found[list.active]);
    } else list.onKeyDown(event);
  };
  const { role: _role, "aria-expanded": _expanded, ...aria } = list.fieldProps;
  return (
    <div className={styles["section"]} data-section={word.key}>
      <Textarea
        ref={field}
        label={word.title}
        description={word.isNeeded && text.trim() === "" ? texts.needed : undefined}
        rows={rowsFor(text)}
        value={text}
        readOnly={isLocked}
        spellCheck
        onFocus={focused}
        onBlur={() => setAsked(undefined)}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          const { value, selectionStart } = event.currentTarget;
          write(value);
          setAsked(askedAt(value, selectionStart));
        }}
        {...(isOpen ? aria : {})}
      />
      <ul id={list.listId} role="listbox" aria-label={texts.suggestions} hidden={!isOpen} className={styles["options"]}>
        {found.map((one, at) => (
          <li
            key={"phrase" in one ? one.phrase.id : one.pull}
            id={list.optionId(at)}
            role="option"
            aria-selected={at === list.active}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(one)}
          >
            <SuggestionWords one={one} />
          </li>
        ))}
      </ul>
      {(section?.also ?? []).map((one) => (
        <Also key={one.window} text={one.text} settle={() => settle(one.text)} add={() => write(`${text}\n${one.text}`)} />
      ))}
    </div>
  );
} // prettier-ignore

function SuggestionWords({ one }: { readonly one: Suggestion }): ReactNode {
  const texts = useNoteTexts();
  const [short, what] = "phrase" in one ? [one.phrase.short, `${one.phrase.text.slice(0, 60)} · ${texts[one.phrase.whose]}`] : [texts.pullShorts[one.pull], texts.pulls[one.pull]]; // prettier-ignore
  return (
    <>
      <span>.{short}</span> <span className={styles["kind"]}>{what}</span>
    </>
  );
}

function Also({
  text,
  settle,
  add,
}: {
  readonly text: string;
  readonly settle: () => void;
  readonly add: () => void;
}): ReactNode {
  const texts = useNoteTexts();
  return (
    <div role="group" aria-label={texts.alsoWritten} className={styles["also"]} data-also>
      <p>{texts.alsoWritten}</p>
      <blockquote>{text}</blockquote>
      <div className={styles["buttons"]}>
        <Button
          size="compact-sm"
          onClick={() => {
            add();
            settle();
          }}
        >
          {texts.takeAlso}
        </Button>
        <Button size="compact-sm" variant="default" onClick={settle}>
          {texts.dropAlso}
        </Button>
      </div>
    </div>
  );
}

const COLUMNS = 48;

function rowsFor(text: string): number {
  const rows = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / COLUMNS)), 0);
  return Math.min(14, Math.max(2, rows));
}
