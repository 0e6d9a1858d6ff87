/** Loggutdrag till patient: what a patient has a right to know of who has read, on screen, on paper and as a file. SPEC WEB-REVIEW-4 */
import { useMemo, useState, type FormEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { Chip } from "../ui/chip.tsx";
import { Button, TextInput } from "../ui/controls.ts";
import { DayField } from "../ui/day-field.tsx";
import { ListTable, type ListColumn } from "../ui/list-table.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { extractPath, extractQuery, type Extract, type ExtractLine } from "../wire/log-review.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./review.module.css";
import { PatientName } from "./shown-patient.tsx";
import { useReviewTexts } from "./use-review-texts.ts";

type Ask = { readonly patient: string; readonly from: string | undefined; readonly to: string | undefined };

export function ExtractPage(): ReactNode {
  const { extract } = useReviewTexts();
  // The number is not kept in the address: addresses are remembered by browsers and by those who look over a shoulder.
  const [ask, setAsk] = useState<Ask>({ patient: "", from: undefined, to: undefined });
  const { loaded, fresh } = useLoaded(extractQuery(ask.patient, ask.from, ask.to));
  return (
    <Screen title={extract.title} fresh={{ ...fresh, asOf: ask.patient === "" ? undefined : fresh.asOf }}>
      <div className={styles["page"]}>
        <AskForm setAsk={setAsk} />
        {ask.patient === "" ? null : (
          <LoadView loaded={loaded} unknown={extract.empty} lines={6}>
            {(value) => <Lines value={value} ask={ask} />}
          </LoadView>
        )}
      </div>
    </Screen>
  );
}

function AskForm({ setAsk }: { readonly setAsk: (ask: Ask) => void }): ReactNode {
  const { extract } = useReviewTexts();
  const [number, setNumber] = useState("");
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  const [isMissing, setMissing] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(number.trim() === "");
    if (number.trim() !== "") setAsk({ patient: number.trim(), from, to });
  };
  return (
    <Panel title={extract.find} className="no-print">
      <p className="dim">{extract.means}</p>
      <form className={styles["form"]} onSubmit={submit} aria-label={extract.find}>
        <TextInput
          label={extract.number}
          autoComplete="off"
          error={isMissing ? extract.numberMissing : undefined}
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <DayField label={extract.from} value={from} set={setFrom} isInForm />
        <DayField label={extract.to} value={to} set={setTo} isInForm />
        <Button type="submit">{extract.find}</Button>
      </form>
    </Panel>
  );
}

type Row = ExtractLine & { readonly key: string };

function Lines({ value, ask }: { readonly value: Extract; readonly ask: Ask }): ReactNode {
  const { extract, detail } = useReviewTexts();
  const { types } = useTexts();
  const names: Readonly<Record<string, string>> = types;
  const rows = useMemo(() => value.lines.map((one, at): Row => ({ ...one, key: `${one.time} ${at}` })), [value]);
  const columns = useMemo(
    (): readonly ListColumn<Row>[] => [
      { id: "time", header: detail.time, isTight: true, sortBy: (one) => one.time, cell: (one) => sayMoment(one.time) },
      {
        id: "who",
        header: detail.who,
        sortBy: (one) => one.name ?? undefined,
        cell: (one) =>
          one.protectedIdentity ? extract.protectedStaff : [one.name, one.title].filter(Boolean).join(", "),
      },
      {
        id: "unit",
        header: detail.unit,
        sortBy: (one) => one.unit ?? undefined,
        cell: (one) => [one.unit, one.provider].filter(Boolean).join(", "),
      },
      {
        id: "action",
        header: detail.action,
        sortBy: (one) => one.activity,
        cell: (one) => (
          <>
            {one.activity} {one.refused ? <Chip tone="alarm">{detail.refused}</Chip> : null}{" "}
            {one.emergency ? <Chip tone="warn">{detail.emergency}</Chip> : null}
          </>
        ),
      },
      {
        id: "what",
        header: detail.what,
        sortBy: (one) => one.types.join(),
        cell: (one) => one.types.map((type) => names[type] ?? type).join(", "),
      },
      { id: "ground", header: detail.ground, sortBy: (one) => one.ground, cell: (one) => one.ground },
    ],
    [detail, extract, names],
  );
  return (
    <Panel
      title={extract.lines(rows.length)}
      aside={
        <a className="no-print" href={extractPath({ ...ask, patient: value.patient.id, format: "csv" })} download>
          {extract.download}
        </a>
      }
    >
      <p>
        <PatientName patient={value.patient} />
      </p>
      {rows.length === 0 ? (
        <p data-state="unknown">{extract.empty}</p>
      ) : (
        <ListTable caption={extract.title} rows={rows} columns={columns} rowId={(one) => one.key} />
      )}
    </Panel>
  );
}
