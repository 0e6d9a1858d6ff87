/** Keeping the basket as a set of the unit's or one's own, and taking sets out of use. SPEC WEB-ORDER-9 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { Button, NativeSelect, TextInput } from "../ui/controls.ts";
import { useFailureWords } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { catalogueQuery, retireSet, saveSet, type Catalogue, type OrderLine } from "../wire/orders.ts";
import styles from "./orders.module.css";
import { useOrderTexts } from "./use-order-texts.ts";

export function SetForm({
  lines,
  catalogue,
}: {
  readonly lines: readonly OrderLine[];
  readonly catalogue: Catalogue;
}): ReactNode {
  // prettier-ignore
  const texts = useOrderTexts();
  const queries = useQueryClient();
  const [title, setTitle] = useState("");
  const [whose, setWhose] = useState<"unit" | "own">("own");
  const key = useRef(crypto.randomUUID());
  const onSuccess = (kept: Catalogue): void => {
    key.current = crypto.randomUUID();
    setTitle("");
    queries.setQueryData(catalogueQuery.queryKey, kept);
  };
  const keep = useMutation({ mutationFn: () => saveSet({ title, whose, key: key.current, lines: linesOf(lines, catalogue) }), onSuccess }); // prettier-ignore
  const retire = useMutation({ mutationFn: retireSet, onSuccess });
  const error = keep.error ?? retire.error;
  const said = useFailureWords(failureOf(error));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!keep.isPending) keep.mutate();
  };
  return (
    <details className={styles["sources"]}>
      <summary>{texts.keepSet}</summary>
      <form onSubmit={submit} className={styles["fields"]}>
        <TextInput
          label={texts.setTitle}
          maxLength={80}
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <NativeSelect
          label={texts.setWhose}
          data={[
            { value: "own", label: texts.setOwn },
            { value: "unit", label: texts.setUnit },
          ]}
          value={whose}
          onChange={(event) => setWhose(event.currentTarget.value === "unit" ? "unit" : "own")}
        />
        <Button
          type="submit"
          variant="default"
          disabled={lines.length === 0 || title.trim() === ""}
          loading={keep.isPending}
        >
          {texts.setKeep}
        </Button>
      </form>
      <p role="status">{keep.isSuccess && error === null ? texts.setKept : ""}</p>
      <p role="alert">{error === null ? "" : said}</p>
      {catalogue.sets.length === 0 ? <p className="dim">{texts.setNone}</p> : null}
      <ul>
        {catalogue.sets.map((one) => (
          <li key={one.id} className={styles["top"]}>
            <span>
              {one.title} <span className="dim">{one.whose === "own" ? texts.setOwn : texts.setUnit}</span>
            </span>
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => retire.mutate(one.id)}
              aria-label={texts.setRetire(one.title)}
            >
              <span aria-hidden="true">✕</span>
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function linesOf(lines: readonly OrderLine[], { items }: Catalogue) {
  return lines.flatMap(({ item, priority, question }) => {
    const url = items.find(({ id }) => id === item)?.url;
    return url === undefined
      ? []
      : [{ item: url, priority, question: question.trim() === "" ? null : question.trim() }];
  });
}
