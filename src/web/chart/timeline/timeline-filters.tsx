/** The filters above the timeline. SPEC WEB-TIME-2 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import type { TimelineEntry } from "../../say/timeline.ts";
import { choicesOf } from "../../say/timeline-filter.ts";
import type { TimelineSearch } from "../../search-params.ts";
import { Button, NativeSelect } from "../../ui/controls.ts";
import { DayField } from "../../ui/day-field.tsx";
import { Filter } from "../results/filter.tsx";
import styles from "./timeline.module.css";

export function TimelineFilters({ entries }: { readonly entries: readonly TimelineEntry[] }): ReactNode {
  const { timeline, types } = useTexts();
  const search = useSearch({ from: "/work/patienter/$patientId/tidslinje" });
  const navigate = useNavigate();
  const set = (change: TimelineSearch): void =>
    void navigate({ to: ".", search: { ...search, ...change }, replace: true });
  const typeNames: Readonly<Record<string, string>> = types;
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  return (
    <form
      className={`${styles["filters"]} no-print`}
      onSubmit={(event) => event.preventDefault()}
      aria-label={timeline.filters}
    >
      <Filter label={timeline.words} example={timeline.wordsExample} />
      <Choice
        label={timeline.type}
        all={timeline.allTypes}
        value={search.typ}
        choices={choicesOf(entries, "type").map((one) => ({ ...one, label: typeNames[one.value] ?? one.value }))}
        set={(typ) => set({ typ })}
      />
      <Choice
        label={timeline.unit}
        all={timeline.allUnits}
        value={search.enhet}
        choices={choicesOf(entries, "unit")}
        set={(enhet) => set({ enhet })}
      />
      <Choice
        label={timeline.profession}
        all={timeline.allProfessions}
        value={search.yrke}
        choices={choicesOf(entries, "profession")}
        set={(yrke) => set({ yrke })}
      />
      <DayField label={timeline.from} value={search.fran} set={(fran) => set({ fran })} />
      <DayField label={timeline.to} value={search.tom} set={(tom) => set({ tom })} />
      {isFiltered ? (
        <Button size="xs" variant="default" onClick={() => void navigate({ to: ".", search: {}, replace: true })}>
          {timeline.clear}
        </Button>
      ) : null}
    </form>
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly all: string;
  readonly value: string | undefined;
  readonly choices: readonly { readonly value: string; readonly count: number; readonly label?: string }[];
  readonly set: (value: string | undefined) => void;
};

function Choice({ label, all, value, choices, set }: ChoiceProps): ReactNode {
  const data = [
    { value: "", label: all },
    ...choices.map((one) => ({ value: one.value, label: `${one.label ?? one.value} (${one.count})` })),
  ];
  const missing = value !== undefined && !choices.some((one) => one.value === value) ? [{ value, label: value }] : [];
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value ?? ""}
      data={[...data, ...missing]}
      onChange={(event) => set(event.currentTarget.value || undefined)}
    />
  );
}
