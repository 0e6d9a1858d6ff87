/** Brevmallar: the unit's templates with their versions; a change waits until a colleague has looked at it. SPEC WEB-LETTER-4 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { InboxFrame } from "../inbox/inbox-frame.tsx";
import { Button, NativeSelect, Textarea, TextInput } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { proposeTemplate, reviewTemplate, templatesQuery, type LetterKind, type Template } from "../wire/letters.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./letters.module.css";
import { Outcome } from "../ui/outcome.tsx";
import { useLetterTexts } from "./use-letters.ts";

type Wish = Pick<Template, "kind" | "title" | "words"> & { readonly id: string | null };
const EMPTY: Wish = { id: null, kind: "call", title: "", words: "" };

export function TemplatesPage(): ReactNode {
  const texts = useLetterTexts();
  const { loaded, fresh } = useLoaded(templatesQuery);
  const [wish, setWish] = useState<Wish>(EMPTY);
  const queries = useQueryClient();
  const changing = useMutation({
    mutationFn: (work: () => Promise<readonly Template[]>) => work(),
    onSuccess: (items) => {
      queries.setQueryData(templatesQuery.queryKey, items);
      setWish(EMPTY);
    },
  });
  const run = (work: () => Promise<readonly Template[]>): void => {
    if (!changing.isPending) changing.mutate(work);
  };
  return (
    <InboxFrame>
      <Screen title={texts.templates} fresh={fresh}>
        <div className={styles["page"]}>
          <p className="dim">{texts.templatesMeans}</p>
          <Outcome done="" failure={changing.error === null ? undefined : failureOf(changing.error)} />
          <LoadView loaded={loaded} unknown={texts.templatesNone} lines={6}>
            {(items) =>
              items.length === 0 ? (
                <p data-state="unknown">{texts.templatesNone}</p>
              ) : (
                <ul className={styles["list"]}>
                  {items.map((one) => (
                    <li key={`${one.id} ${one.version}`} className={styles["card"]}>
                      <Shown one={one} run={run} change={() => setWish(one)} />
                    </li>
                  ))}
                </ul>
              )
            }
          </LoadView>
          <ProposeForm wish={wish} set={setWish} propose={() => run(() => proposeTemplate(wish))} />
        </div>
      </Screen>
    </InboxFrame>
  );
}

type ShownProps = {
  readonly one: Template;
  readonly run: (work: () => Promise<readonly Template[]>) => void;
  readonly change: () => void;
};

function Shown({ one, run, change }: ShownProps): ReactNode {
  const texts = useLetterTexts();
  const isProposal = one.state === "proposed";
  return (
    <>
      <div className={styles["top"]}>
        <h2>{one.title}</h2>
        <span>
          {texts.templateState[one.state]} · {texts.version(one.version)}
        </span>
      </div>
      <p className="dim">{texts.kinds[one.kind]}</p>
      <p className={styles["said"]}>{one.words}</p>
      {isProposal && one.isOwn ? <p className="dim">{texts.ownProposal}</p> : null}
      <div className={styles["buttons"]}>
        {isProposal && !one.isOwn ? (
          <>
            <Button size="xs" onClick={() => run(() => reviewTemplate(one, true))}>
              {texts.approve}
            </Button>
            <Button size="xs" variant="default" onClick={() => run(() => reviewTemplate(one, false))}>
              {texts.refuse}
            </Button>
          </>
        ) : null}
        {one.state === "current" ? (
          <Button size="xs" variant="default" onClick={change} aria-label={texts.changeNamed(one.title)}>
            {texts.change}
          </Button>
        ) : null}
      </div>
    </>
  );
}

type FormProps = { readonly wish: Wish; readonly set: (wish: Wish) => void; readonly propose: () => void };

function ProposeForm({ wish, set, propose }: FormProps): ReactNode {
  const texts = useLetterTexts();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    propose();
  };
  const kinds = Object.entries(texts.kinds).map(([value, label]) => ({ value, label }));
  return (
    <Panel title={wish.id === null ? texts.newTemplate : texts.changeNamed(wish.title)}>
      <form className={styles["form"]} onSubmit={submit} aria-label={texts.newTemplate}>
        <NativeSelect
          label={texts.kind}
          data={kinds}
          value={wish.kind}
          onChange={(event) => set({ ...wish, kind: event.currentTarget.value as LetterKind })}
        />
        <TextInput
          label={texts.heading}
          required
          maxLength={120}
          autoComplete="off"
          value={wish.title}
          onChange={(event) => set({ ...wish, title: event.currentTarget.value })}
        />
        <Textarea
          label={texts.text}
          description={texts.fields}
          required
          autosize
          minRows={6}
          value={wish.words}
          onChange={(event) => set({ ...wish, words: event.currentTarget.value })}
        />
        <div className={styles["buttons"]}>
          <Button type="submit" variant="default">
            {texts.propose}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
