/** How a referral stands and what is done with it, docked under the inbox's own steps. SPEC WEB-REFERRAL-1 */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { useCommands, type Command } from "../command/registry.ts";
import styles from "../inbox/inbox.module.css";
import { sayDay } from "../say/dates.ts";
import { Chip } from "../ui/chip.tsx";
import { Button } from "../ui/controls.ts";
import type { LoopRow } from "../wire/loops.ts";
import { referralQuery, type Guarantee, type ReferralLook, type WishName } from "../wire/referrals.ts";
import own from "./referral.module.css";
import { useReferralTexts } from "./use-referral-texts.ts";
import { useWish } from "./use-wish.ts";
import { WishForm } from "./wish-form.tsx";

const KEYS: Readonly<Partial<Record<WishName, string>>> = { assess: "a", answer: "v" };

export function ReferralPanel({ row }: { readonly row: LoopRow }): ReactNode {
  const { data: look } = useQuery({ ...referralQuery(row.id, row.version), enabled: isRequest(row) });
  const texts = useReferralTexts();
  const [open, setOpen] = useState<WishName>();
  const wish = useWish(row.id);
  const can = look?.can;
  useWishKeys(can, setOpen);
  if (!isRequest(row)) return null;
  const close = (): void => setOpen(undefined);
  return (
    <section aria-label={texts.panel}>
      {look === undefined ? null : <Standing look={look} />}
      {look !== undefined && open !== undefined && look.can.includes(open) ? (
        <WishForm
          name={open}
          isOwn={look.kinds.includes("own")}
          today={new Date().toISOString()}
          isTaking={wish.isTaking}
          cancel={close}
          send={(said) => void wish.take(look, open, said).then((isDone) => isDone && close())}
        />
      ) : (
        <div className={`${styles["actions"]} no-print`}>
          {(can ?? []).map((name) => (
            <Button
              key={name}
              size="compact-md"
              variant={name === "assess" ? "filled" : "default"}
              onClick={() => setOpen(name)}
              {...(KEYS[name] === undefined ? {} : { "aria-keyshortcuts": KEYS[name] })}
            >
              {texts.wishes[name]}
              {KEYS[name] === undefined ? null : (
                <span aria-hidden="true" className={styles["hint"]}>
                  {KEYS[name]}
                </span>
              )}
            </Button>
          ))}
        </div>
      )}
      <p role="status" className={`${styles["small"]} ${own["told"]}`}>
        {wish.done === undefined ? "" : texts.done[wish.done]}
      </p>
      {wish.failure === undefined ? null : (
        <p role="alert" className={own["told"]}>
          {wish.failure}
        </p>
      )}
    </section>
  );
}

function isRequest({ kind }: LoopRow): boolean {
  return kind === "referral" || kind === "order";
}

function useWishKeys(can: readonly WishName[] | undefined, open: (name: WishName) => void): void {
  const { wishes } = useReferralTexts();
  const commands = useMemo(
    (): readonly Command[] =>
      (can ?? []).flatMap((name) => {
        const key = KEYS[name];
        return key === undefined ? [] : [{ id: `referral.${name}`, name: wishes[name], group: "view", keys: [key], run: () => open(name) }]; // prettier-ignore
      }),
    [can, wishes, open],
  );
  useCommands(commands);
}

function Standing({ look }: { readonly look: ReferralLook }): ReactNode {
  const texts = useReferralTexts();
  const { national, priority, target, guarantee, pauses, kinds } = look;
  const isReceived = national.code === "4" || national.code === "7";
  return (
    <dl className={`${styles["facts"]} ${own["standing"]}`}>
      <Fact name={texts.standing}>
        <Chip tone={national.isReturned ? "alarm" : isReceived ? "calm" : "note"}>
          {national.isReturned ? texts.returned : `${national.code} ${texts.national[national.code]}`}
        </Chip>
        {national.isWithdrawn ? ` ${texts.withdrawn}` : ""}
      </Fact>
      {kinds.length === 0 ? null : <Fact name={texts.kind}>{kinds.map((kind) => texts.kinds[kind]).join(". ")}</Fact>}
      <Fact name={texts.priority}>{texts.priorities[priority] ?? priority}</Fact>
      <Fact name={texts.target}>{target === null ? texts.targetMissing : sayDay(target)}</Fact>
      {guarantee === null ? null : (
        <Fact name={texts.waits}>
          <GuaranteeText guarantee={guarantee} />
        </Fact>
      )}
      {pauses.length === 0 ? null : (
        <Fact name={texts.pauses}>
          {pauses.map((one) => (
            <span key={one.from} className={styles["words"]}>
              {texts.pause[one.code]}, {texts.pauseUntil(one.from, one.until)}: {one.reason}
            </span>
          ))}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function GuaranteeText({ guarantee }: { readonly guarantee: Guarantee }): ReactNode {
  const texts = useReferralTexts();
  const { waited, limit, lastDay, isOver, isStopped } = guarantee;
  return (
    <>
      {texts.days(waited, limit)}
      {lastDay === null || isOver ? "" : `, ${texts.lastDay(lastDay)}`}{" "}
      {isOver ? <Chip tone="alarm">{texts.over(waited - limit)}</Chip> : null}
      {isStopped ? <Chip tone="note">{texts.stopped}</Chip> : null}
    </>
  );
}
