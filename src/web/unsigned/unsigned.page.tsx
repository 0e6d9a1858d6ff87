/** Osignerat: what waits for the own signature, oldest first; each note is read at the right and signed with s. SPEC WEB-UNSIGNED · PDL 3 kap. 10 § */
import { useState, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { InboxFrame } from "../inbox/inbox-frame.tsx";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { patientFacts } from "../say/patients.ts";
import { LoadView } from "../ui/load-view.tsx";
import { useRowKeys } from "../ui/row-keys.ts";
import type { Unsigned, Waiting } from "../wire/signing.ts";
import { SignRead } from "./sign-read.tsx";
import styles from "./unsigned.module.css";
import { nameOf, useUnsigned } from "./use-unsigned.ts";
import { WaitingNote } from "./waiting-note.tsx";

export function UnsignedPage(): ReactNode {
  const { signing } = useTexts();
  const { loaded, refresh, isRefreshing } = useUnsigned();
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return (
    <InboxFrame>
      <Screen title={signing.unsigned} fresh={{ asOf, refresh, isRefreshing }} fills>
        <LoadView loaded={loaded} unknown={signing.none} lines={8}>
          {(value) => <List value={value} />}
        </LoadView>
      </Screen>
    </InboxFrame>
  );
}

function List({ value }: { readonly value: Unsigned }): ReactNode {
  const { signing } = useTexts();
  const [chosen, setChosen] = useState<string>();
  /** The version of each note that has been on the screen. */
  const [read, setRead] = useState<ReadonlyMap<string, number>>(new Map());
  useRowKeys();
  const open = value.items.find((one) => nameOf(one) === chosen) ?? value.items[0];
  const seen = value.items.filter((one) => read.get(nameOf(one)) === one.version);
  const noteRead = (name: string, version: number): void =>
    setRead((before) => (before.get(name) === version ? before : new Map([...before, [name, version]])));
  return (
    <div className={styles["page"]}>
      <div className={styles["list"]}>
        <SignRead seen={seen} />
        {value.items.length === 0 ? <p className={styles["none"]}>{signing.none}</p> : null}
        <ul aria-label={signing.waits}>
          {value.items.map((one) => (
            <li key={nameOf(one)}>
              <Row
                one={one}
                isOpen={one === open}
                isRead={seen.includes(one)}
                asOf={value.asOf}
                show={() => setChosen(nameOf(one))}
              />
            </li>
          ))}
        </ul>
        {value.more ? <p className={styles["none"]}>{signing.more}</p> : null}
      </div>
      <div className={styles["reader"]} tabIndex={0} role="region" aria-label={signing.reader}>
        {open === undefined ? null : (
          <WaitingNote key={nameOf(open)} waiting={open} asOf={value.asOf} noteRead={noteRead} />
        )}
      </div>
    </div>
  );
}

type RowProps = {
  readonly one: Waiting;
  readonly isOpen: boolean;
  readonly isRead: boolean;
  readonly asOf: string;
  readonly show: () => void;
};

function Row({ one, isOpen, isRead, asOf, show }: RowProps): ReactNode {
  const { signing, note, patient } = useTexts();
  const facts = one.person === null ? undefined : patientFacts(one.person, asOf);
  // A list names nobody whose identity is protected; the note beside it does, as the chart does.
  const whose = facts?.isProtected
    ? patient.protected
    : `${facts?.name ?? signing.patientMissing} ${facts?.identity?.text ?? ""}`;
  return (
    <button type="button" className={styles["row"]} data-row aria-current={isOpen} onClick={show} onFocus={show}>
      <span className={styles["when"]}>
        <strong>{one.days === null ? signing.ageMissing : signing.days(one.days)}</strong>
        {one.date === null ? "" : ` · ${sayMoment(one.date)}`}
        {isRead ? ` · ${signing.read}` : ""}
      </span>
      <strong>{one.title ?? note.untitled}</strong>
      <span className={styles["when"]}>{whose}</span>
    </button>
  );
}
