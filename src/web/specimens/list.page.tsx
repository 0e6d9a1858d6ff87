/**
 * Provtagning: the patients of the unit from whom something is to be drawn, what is late first. One field takes a wristband, which opens the
 * patient's collection, and a tube's number, which shows where it is.
 *
 * SPEC WEB-SPECIMEN-1
 */
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { InboxFrame } from "../inbox/inbox-frame.tsx";
import { sayMoment } from "../say/dates.ts";
import { patientFacts } from "../say/patients.ts";
import { Chip } from "../ui/chip.tsx";
import { TextInput } from "../ui/controls.ts";
import { ListTable, type ListColumn } from "../ui/list-table.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { waitingQuery, type WaitingRow } from "../wire/specimens.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { PlaceField } from "./place-field.tsx";
import styles from "./specimens.module.css";
import { usePlace, useSpecimenTexts } from "./use-specimens.ts";

export function CollectionListPage(): ReactNode {
  const texts = useSpecimenTexts();
  const { loaded, fresh } = useLoaded(waitingQuery);
  const place = usePlace();
  const items = loaded.state === "some" ? loaded.value.items : [];
  return (
    <InboxFrame>
      <Screen title={texts.title} fresh={fresh}>
        <div className={styles["page"]}>
          <p className="dim">{texts.means}</p>
          <ScanForm items={items} />
          <PlaceField place={place} />
          <LoadView loaded={loaded} unknown={texts.none} lines={8}>
            {({ items: rows, more }) =>
              rows.length === 0 ? <p data-state="unknown">{texts.none}</p> : <Rows rows={rows} more={more} />
            }
          </LoadView>
        </div>
      </Screen>
    </InboxFrame>
  );
}

const plain = (text: string): string => text.toUpperCase().replaceAll(/[^0-9A-ZÅÄÖ]/g, "");
/** A tube's number has sixteen digits, an identity number fewer. */
const TUBE = /^\d{16}$/;

function ScanForm({ items }: { readonly items: readonly WaitingRow[] }): ReactNode {
  const texts = useSpecimenTexts();
  const navigate = useNavigate();
  const [said, setSaid] = useState("");
  const [wrong, setWrong] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const code = plain(said);
    if (code === "") return;
    if (TUBE.test(code)) return void navigate({ to: "/prov/$number", params: { number: code } });
    const own = items.filter(({ person }) => (person?.identifier ?? []).some(({ value = "" }) => sameNumber(plain(value), code))); // prettier-ignore
    const [one] = own; // an identity number is one person's
    if (one === undefined || own.length > 1) return setWrong(texts.notFound);
    void navigate({ to: "/provtagning/$patientId", params: { patientId: one.patient } });
  };
  return (
    <form className={`${styles["fields"]} no-print`} onSubmit={submit} aria-label={texts.scan}>
      <TextInput
        label={texts.scan}
        description={texts.scanMeans}
        error={wrong}
        autoComplete="off"
        spellCheck={false}
        maxLength={40}
        data-filter
        value={said}
        onChange={(event) => {
          setWrong("");
          setSaid(event.currentTarget.value);
        }}
      />
    </form>
  );
}

function sameNumber(one: string, other: string): boolean {
  return one !== "" && (one === other || (one.length === 12 && other.length === 10 && one.slice(2) === other));
}

function Rows({ rows, more }: { readonly rows: readonly WaitingRow[]; readonly more: boolean }): ReactNode {
  const texts = useSpecimenTexts();
  const { columns } = texts;
  const all: readonly ListColumn<WaitingRow>[] = [
    { id: "who", header: columns.who, cell: (row) => <Who row={row} />, sortBy: ({ person }) => person?.name?.[0]?.family }, // prettier-ignore
    { id: "place", header: columns.place, cell: ({ place }) => place ?? <span className="dim">{texts.placeMissing}</span>, sortBy: ({ place }) => place ?? undefined }, // prettier-ignore
    { id: "what", header: columns.what, cell: ({ orders }) => orders.map(({ title }) => title).join(", "), sortBy: ({ orders }) => orders[0]?.title }, // prettier-ignore
    { id: "tubes", header: columns.tubes, cell: ({ tubes }) => tubes, sortBy: ({ tubes }) => tubes, isTight: true },
    { id: "due", header: columns.due, cell: (row) => <Due row={row} />, sortBy: ({ due }) => due ?? undefined },
  ];
  return (
    <>
      <ListTable caption={texts.title} rows={rows} columns={all} rowId={({ patient }) => patient} />
      {more ? <p role="note">{texts.more}</p> : null}
    </>
  );
}

function Who({ row }: { readonly row: WaitingRow }): ReactNode {
  const texts = useSpecimenTexts();
  const facts = row.person === null ? undefined : patientFacts(row.person, "");
  return (
    <>
      <Link to="/provtagning/$patientId" params={{ patientId: row.patient }}>
        {facts === undefined ? texts.hidden : (facts.name ?? texts.labelName)}
      </Link>{" "}
      <span className={styles["number"]}>{facts?.identity?.text}</span>
    </>
  );
}

function Due({ row }: { readonly row: WaitingRow }): ReactNode {
  const texts = useSpecimenTexts();
  return (
    <>
      {row.due === null ? texts.unknownTime : sayMoment(new Date(row.due).toISOString())}{" "}
      {row.isLate ? <Chip tone="warn">{texts.late}</Chip> : null}
      {row.orders.some(({ isUrgent }) => isUrgent) ? <Chip tone="alarm">{texts.urgent}</Chip> : null}
      {row.isAgain ? <Chip tone="note">{texts.again}</Chip> : null}
    </>
  );
}
