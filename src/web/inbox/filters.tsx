/** Which rows are listed: kind, whose, only late ones, in the address; and words among those that are fetched, which stand in no address. SPEC WEB-INBOX-3 */
import type { ReactNode } from "react";
import type { LoopsSearch } from "../search-params.ts";
import { NativeSelect, Switch, TextInput } from "../ui/controls.ts";
import type { Counts, Kind } from "../wire/loops.ts";
import styles from "./inbox.module.css";
import { useInboxTexts } from "./use-inbox-texts.ts";

type FiltersProps = {
  readonly list: "inbox" | "sent";
  readonly search: LoopsSearch;
  readonly choose: (search: LoopsSearch) => void;
  readonly words: string;
  readonly setWords: (words: string) => void;
  readonly hidden: number;
  readonly counts: Counts;
};

export function Filters({ list, search, choose, words, setWords, hidden, counts }: FiltersProps): ReactNode {
  const texts = useInboxTexts();
  const { filter, kindNames } = texts;
  const whose = list === "inbox" ? filter.whoses : filter.sentWhoses;
  const change = (part: { readonly [key in keyof LoopsSearch]: LoopsSearch[key] | undefined | "" }): void =>
    choose(withoutEmpty({ ...search, ...part }));
  return (
    <>
      <p className={styles["counts"]} data-late={counts.late > 0} role="status">
        {texts.counts(counts)}
      </p>
      <div className={`${styles["filters"]} no-print`} role="group" aria-label={filter.name}>
        <NativeSelect
          size="xs"
          aria-label={filter.kind}
          value={search.slag ?? "all"}
          onChange={({ currentTarget: { value } }) => change({ slag: value === "all" ? undefined : (value as Kind) })}
          data={Object.entries(kindNames).map(([value, label]) => ({ value, label }))}
        />
        <NativeSelect
          size="xs"
          aria-label={filter.whose}
          value={search.vems ?? ""}
          onChange={({ currentTarget: { value } }) => change({ vems: value as LoopsSearch["vems"] | "" })}
          data={[
            { value: "", label: whose.all },
            { value: "mina", label: whose.mine },
          ]}
        />
        <Switch
          size="xs"
          label={filter.late}
          checked={search.lage === "sena"}
          onChange={({ currentTarget: { checked } }) => change({ lage: checked ? "sena" : undefined })}
        />
        <TextInput
          data-filter
          size="xs"
          aria-label={filter.words}
          placeholder={filter.wordsExample}
          autoComplete="off"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      {hidden > 0 ? (
        <p className={styles["none"]} role="status">
          {filter.hidden(hidden)}
        </p>
      ) : null}
    </>
  );
}

function withoutEmpty(search: { readonly [key in keyof LoopsSearch]: LoopsSearch[key] | undefined | "" }): LoopsSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ""),
  ) as LoopsSearch;
}
