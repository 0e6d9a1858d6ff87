/**
 * The docked workspace in which a note is written: beside the chart, never over it, with whom it is about on top, the search words of its
 * template, and signing. What is written is kept; closing the pane signs and loses nothing.
 *
 * SPEC WEB-WRITE · ux.md screen 5
 */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { DockPane, useShown, Whom } from "../chart/dock-pane.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { deskQuery, pullIn, type Desk, type Pulled, type PullKind } from "../wire/notes.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { NoteChoices } from "./note-choices.tsx";
import { NoteFoot } from "./note-foot.tsx";
import styles from "./notes.module.css";
import { PhraseForm } from "./phrase-form.tsx";
import { PullButtons } from "./pull-buttons.tsx";
import { SectionField } from "./section-field.tsx";
import { useNote } from "./use-note.ts";
import { useNoteTexts } from "./use-note-texts.ts";
import { wordsOf } from "./words-of.ts";
import { WrittenNote } from "./written-note.tsx";

export type NotePaneProps = { readonly patientId: string; readonly turn: number; readonly close: () => void };

export function NotePane({ patientId, turn, close }: NotePaneProps): ReactNode {
  const texts = useNoteTexts();
  const { loaded } = useLoaded(deskQuery(patientId));
  return (
    <DockPane name="note" title={texts.title} {...{ texts, close }}>
      <LoadView loaded={loaded} unknown={texts.noTemplates} lines={4}>
        {(desk) => <Writing key={desk.draft?.id ?? "new"} {...{ patientId, turn, close, desk }} />}
      </LoadView>
    </DockPane>
  );
}

function Writing({ patientId, turn, desk, close }: NotePaneProps & { readonly desk: Desk }): ReactNode {
  const texts = useNoteTexts();
  const used = useNote(patientId, desk);
  const { held, saver } = used;
  const shown = useShown(patientId);
  const frame = useRef<HTMLDivElement>(null);
  const [here, setHere] = useState<string>();
  const [said, setSaid] = useState("");
  const words = wordsOf(desk.templates, held);
  useEffect(() => {
    frame.current?.querySelector<HTMLElement>("[data-section] textarea")?.focus();
  }, [turn, used.written]);
  const pull = async (kind: PullKind, title: string): Promise<readonly Pulled[] | undefined> => {
    setSaid(texts.pulling);
    const lines = await pullIn(patientId, kind, title).catch(() => undefined);
    setSaid(lines === undefined ? texts.pullFailed : lines.length === 0 ? texts.nothing : texts.pulled(lines.length));
    return lines;
  };
  const isChoosing = [...held.sections.values()].some(({ also }) => also.length > 0);
  const missing = words.find(({ key, isNeeded }) => isNeeded && (held.sections.get(key)?.text ?? "").trim() === "");
  const isEmpty = [...held.sections.values()].every(({ text }) => text.trim() === "");
  const write = (): void => {
    const why = isChoosing ? texts.choose : isEmpty ? texts.empty : missing === undefined ? "" : texts.missing(missing.title); // prettier-ignore
    setSaid(why);
    if (why === "" && shown !== undefined) void used.write(shown.number);
    else frame.current?.querySelector<HTMLElement>(isChoosing ? "[data-also] button" : `[data-section="${missing?.key ?? words[0]?.key ?? ""}"] textarea`)?.focus(); // prettier-ignore
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !event.ctrlKey) return;
    event.preventDefault();
    write();
  };
  if (used.written !== undefined) return <WrittenNote {...{ patientId, close, written: used.written, again: used.again }} />; // prettier-ignore
  const at = words.find(({ key }) => key === here) ?? words[0]; // where one writes
  return (
    <div className={styles["body"]} ref={frame} onKeyDown={onKeyDown}>
      <Whom shown={shown} texts={texts} />
      {desk.templates.length === 0 ? <p role="note">{texts.noTemplates}</p> : null}
      <NoteChoices desk={desk} held={held} choose={(choice) => saver.choose(choice)} />
      {words.map((word) => (
        <SectionField
          key={word.key}
          word={word}
          section={held.sections.get(word.key)}
          phrases={desk.phrases}
          isLocked={used.isWriting}
          write={(text, pulled) => saver.write(word.key, word.title, text, pulled)}
          settle={(text) => saver.settle(word.key, text)}
          pull={(kind) => pull(kind, word.title)}
          focused={() => setHere(word.key)}
        />
      ))}
      <p className="dim">{texts.hint}</p>
      {at === undefined ? null : (
        <PullButtons
          title={at.title}
          pull={(kind) =>
            void pull(kind, at.title).then((lines) => {
              if (lines === undefined || lines.length === 0) return;
              const before = saver.now.sections.get(at.key)?.text ?? "";
              const added = lines.map(({ line }) => line).join("\n");
              saver.write(at.key, at.title, before === "" ? added : `${before.replace(/\n$/, "")}\n${added}`, lines);
            })
          }
        />
      )}
      <NoteFoot used={used} said={said} write={write} maySign={desk.maySign} />
      <PhraseForm phrases={desk.phrases} patientId={patientId} />
    </div>
  );
}
