/** What the patient still does with an own referral: adds words, or takes it back with a reason. SPEC WEB-REFERRAL-4 */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { useReferralTexts } from "../referrals/use-referral-texts.ts";
import { Button, Textarea } from "../ui/controls.ts";
import { addToReferral, requestsQuery, withdrawReferral, type OwnRequest } from "../wire/portal-requests.ts";
import { Outcome } from "../ui/outcome.tsx";
import styles from "./portal.module.css";
import { useChange } from "./use-portal.ts";

type Open = "add" | "withdraw";

export function RequestChanges({ person, one }: { readonly person: string; readonly one: OwnRequest }): ReactNode {
  const { own } = useReferralTexts();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open>();
  const [words, setWords] = useState("");
  const key = useRef(crypto.randomUUID());
  const change = useChange(
    (what: Open) =>
      what === "add"
        ? addToReferral(person, one.id, { words, key: key.current })
        : withdrawReferral(person, one.id, words),
    (items) => {
      queries.setQueryData(requestsQuery(person).queryKey, items);
      key.current = crypto.randomUUID();
      setOpen(undefined);
      setWords("");
    },
  );
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (open !== undefined && words.trim() !== "") void change.run(open, open === "add" ? own.added : own.taken);
  };
  return (
    <>
      <Outcome done={change.done} failure={change.failure} />
      {open === undefined ? (
        <div className={styles["row"]}>
          {one.canAdd ? (
            <Button variant="default" size="md" onClick={() => setOpen("add")}>
              {own.add}
            </Button>
          ) : null}
          {one.canWithdraw ? (
            <Button variant="default" size="md" onClick={() => setOpen("withdraw")}>
              {own.withdraw}
            </Button>
          ) : null}
        </div>
      ) : (
        <form onSubmit={send} aria-label={own[open]}>
          <Textarea
            label={open === "add" ? own.addWords : own.reason}
            required
            autosize
            minRows={3}
            maxLength={open === "add" ? 4000 : 1000}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <div className={styles["row"]}>
            <Button type="submit" size="md" loading={change.isRunning}>
              {open === "add" ? own.addSend : own.withdrawYes}
            </Button>
            <Button variant="default" size="md" onClick={() => setOpen(undefined)}>
              {own.cancel}
            </Button>
          </div>
        </form>
      )}
    </>
  );
}
