/**
 * The one search box (Ctrl+K): patients by name or identity number, and commands by name.
 *
 * SPEC WEB-FIND · ux.md T1 (8 keys)
 */
import { useNavigate } from "@tanstack/react-router";
import type { Patient } from "fhir/r4";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { allCommands, useLayers, type Command } from "../command/registry.ts";
import { useTexts } from "../language/language.tsx";
import { patientFacts, type PatientFacts } from "../say/patients.ts";
import { bannerBottom } from "../ui/below-banner.ts";
import { Icon } from "../ui/icon.tsx";
import { useListbox, type Listbox } from "../ui/listbox.ts";
import { SearchList } from "./search-list.tsx";
import styles from "./patient-search.module.css";
import { usePatientSearch, type Hits } from "./use-patient-search.ts";
import { SEARCH_FIELD_ID } from "./use-shell-commands.ts";

export type Choice =
  | { readonly kind: "patient"; readonly facts: PatientFacts }
  | { readonly kind: "command"; readonly command: Command };

export function PatientSearch(): ReactNode {
  const { search } = useTexts();
  const [typed, setTyped] = useState("");
  const [isOpen, setOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const hits = usePatientSearch(typed);
  const choices = useChoices(typed, hits);
  const close = (): void => {
    setTyped("");
    setOpen(false);
    field.current?.blur();
  };
  const open = useOpen(close);
  const awaited = useAwaitedEnter(hits, choices, open);
  const listbox = useListbox({
    count: choices.length,
    isOpen,
    resetOn: typed,
    choose: (index) => (hits.state === "searching" ? awaited.wait(typed) : open(choices[index])),
  });
  const type = (text: string): void => {
    setTyped(text);
    setOpen(true);
    awaited.forget();
  };
  const onKeyDown = (event: KeyboardEvent): void => (event.key === "Escape" ? close() : listbox.onKeyDown(event));
  return (
    <search
      className={styles["search"]}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <label className="visually-hidden" htmlFor={SEARCH_FIELD_ID}>
        {search.label}
      </label>
      <span className={styles["field"]}>
        <Icon name="search" />
        <input
          id={SEARCH_FIELD_ID}
          ref={field}
          type="text"
          autoComplete="off"
          spellCheck={false}
          placeholder={search.placeholder}
          value={typed}
          {...listbox.fieldProps}
          onChange={(event) => type(event.target.value)}
          onFocus={() => setOpen(true)}
          onKeyDown={onKeyDown}
        />
        <kbd aria-hidden="true">Ctrl K</kbd>
      </span>
      <Popup isOpen={isOpen} typed={typed} hits={hits} choices={choices} listbox={listbox} open={open} />
    </search>
  );
}

type PopupProps = {
  readonly isOpen: boolean;
  readonly typed: string;
  readonly hits: Hits;
  readonly choices: readonly Choice[];
  readonly listbox: Listbox;
  readonly open: (choice: Choice | undefined) => void;
};

function Popup({ isOpen, typed, hits, choices, listbox, open }: PopupProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const isShown = isOpen && (typed !== "" || choices.length > 0);
  return (
    <div
      className={styles["popup"]}
      hidden={!isShown}
      ref={frame}
      style={{ marginTop: isShown ? overlap(frame.current) : undefined }}
    >
      <SearchList hits={hits} choices={choices} listbox={listbox} open={open} />
    </div>
  );
}

/** How far the list has to move down from its field to leave the open patient's banner in sight. */
function overlap(list: HTMLElement | null): number {
  const field = list?.parentElement?.getBoundingClientRect();
  return field ? Math.max(0, bannerBottom() - field.bottom) : 0;
}

/** Patients first; then commands whose name has the words typed. */
function useChoices(typed: string, hits: Hits): readonly Choice[] {
  const layers = useLayers();
  return useMemo(() => {
    const patients = hits.state === "found" ? inOrderOfName(hits.patients) : [];
    const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0 || layers.length === 0) return patients;
    const matching = allCommands().filter((command) =>
      words.every((word) =>
        command.name
          .toLowerCase()
          .split(" ")
          .some((own) => own.startsWith(word)),
      ),
    );
    return [...patients, ...matching.slice(0, 6).map((command): Choice => ({ kind: "command", command }))];
  }, [typed, hits, layers]);
}

/** Always the same order, so that the hand learns where a hit stands. */
function inOrderOfName(found: readonly Patient[]): readonly Choice[] {
  const today = new Date().toISOString();
  const facts = found.map((one) => patientFacts(one, today));
  return facts
    .toSorted((a, b) => (a.name ?? "").localeCompare(b.name ?? "", "sv"))
    .map((one): Choice => ({ kind: "patient", facts: one }));
}

function useOpen(close: () => void): (choice: Choice | undefined) => void {
  const navigate = useNavigate();
  return (choice) => {
    if (!choice) return;
    close();
    if (choice.kind === "command") choice.command.run();
    else void navigate({ to: "/patienter/$patientId/oversikt", params: { patientId: choice.facts.id } });
  };
}

/** An Enter that came before the answer: kept until it comes, dropped when the text changes or there is a choice to make. */
function useAwaitedEnter(
  hits: Hits,
  choices: readonly Choice[],
  open: (choice: Choice | undefined) => void,
): { readonly wait: (typed: string) => void; readonly forget: () => void } {
  const awaiting = useRef(false);
  useEffect(() => {
    if (!awaiting.current || hits.state !== "found") return;
    awaiting.current = false;
    const patients = choices.filter((choice) => choice.kind === "patient");
    if (patients.length === 1 && hits.state === "found" && !hits.more) open(patients[0]);
    if (patients.length === 0 && choices.length === 1) open(choices[0]);
  });
  return { wait: () => (awaiting.current = true), forget: () => (awaiting.current = false) };
}
