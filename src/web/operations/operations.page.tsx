/**
 * Drift & integrationer: whether anything is nobody's, late or not delivered in the region, how each integration stands, and the messages
 * that are parked. Numbers only, the same for everybody who works.
 *
 * SPEC WEB-OPERATIONS
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { InboxFrame } from "../inbox/inbox-frame.tsx";
import { useLanguage } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { Button } from "../ui/controls.ts";
import { Chip } from "../ui/chip.tsx";
import { ListTable, type ListColumn } from "../ui/list-table.tsx";
import { LoadView, useFailureWords } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { askAgain, operationsQuery, type Channel, type Operations, type Parked } from "../wire/operations.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { LateCurve } from "./late-curve.tsx";
import styles from "./operations.module.css";
import { en } from "./texts.en.ts";
import { sv, type OperationsTexts } from "./texts.ts";

export function OperationsPage(): ReactNode {
  const texts = useLanguage().code === "en" ? en : sv;
  const { loaded, fresh } = useLoaded(operationsQuery);
  return (
    <InboxFrame>
      <Screen title={texts.title} fresh={fresh}>
        <LoadView loaded={loaded} unknown={texts.noChannels} lines={8}>
          {(operations) => (
            <div className={styles["page"]}>
              <LedgerPanel operations={operations} texts={texts} />
              <Panel title={texts.channels}>
                {operations.channels.length === 0 ? (
                  <p className="dim">{texts.noChannels}</p>
                ) : (
                  <ListTable
                    caption={texts.channels}
                    rows={operations.channels}
                    columns={channelColumns(texts)}
                    rowId={({ name }) => name}
                  />
                )}
              </Panel>
              <ParkedPanel operations={operations} texts={texts} />
            </div>
          )}
        </LoadView>
      </Screen>
    </InboxFrame>
  );
}

type PartProps = { readonly operations: Operations; readonly texts: OperationsTexts };

function LedgerPanel({ operations, texts }: PartProps): ReactNode {
  const { now, past } = operations.ledger;
  const tiles = [
    { name: texts.ownerless, count: now.ownerless, tone: now.ownerless > 0 ? "alarm" : "calm" },
    { name: texts.critical, count: now.critical, tone: now.critical > 0 ? "alarm" : "plain" },
    { name: texts.overdue, count: now.overdue, tone: now.overdue > 0 ? "warn" : "calm" },
    { name: texts.failed, count: now.failed, tone: now.failed > 0 ? "warn" : "calm" },
    { name: texts.returned, count: now.returned, tone: now.returned > 0 ? "warn" : "plain" },
    { name: texts.atRegion, count: now.atRegion, tone: now.atRegion > 0 ? "warn" : "plain" },
  ];
  return (
    <Panel
      title={texts.ledger}
      aside={<span className="dim">{texts.looked(sayMoment(new Date(now.at).toISOString()), now.tookMs)}</span>}
    >
      <p className="dim">{`${texts.ledgerMeans} ${texts.open(now.openAbout)}.`}</p>
      <dl className={styles["tiles"]}>
        {tiles.map(({ name, count, tone }) => (
          <div key={name} className={styles["tile"]} data-tone={tone}>
            <dt>{name}</dt>
            <dd>{texts.most(count)}</dd>
          </div>
        ))}
      </dl>
      <LateCurve name={texts.day} none={texts.dayShort} looks={[...past, now]} />
    </Panel>
  );
}

function channelColumns(texts: OperationsTexts): readonly ListColumn<Channel>[] {
  return [
    {
      id: "name",
      header: texts.name,
      sortBy: ({ name }) => name,
      cell: ({ name, direction, purpose, ownerName }) => (
        <>
          <strong>{name}</strong> {texts.direction[direction]}
          <div className="dim">{[purpose, ownerName].filter(Boolean).join(" · ")}</div>
        </>
      ),
    },
    {
      id: "alarms",
      header: texts.alarms,
      sortBy: ({ alarms, held }) => -alarms.length - (held === null ? 0 : 1),
      cell: ({ alarms, held }) => (
        <>
          {held === null ? null : <Chip tone="alarm">{texts.held(held)}</Chip>}
          {alarms.map((one) => (
            <Chip key={one} tone="alarm">
              {texts.alarm[one.split(/[ -]/)[0] ?? ""] ?? one}
            </Chip>
          ))}
          {alarms.length === 0 && held === null ? <Chip tone="calm">{texts.calm}</Chip> : null}
        </>
      ),
    },
    {
      id: "waiting",
      header: texts.waits,
      isTight: true,
      sortBy: ({ waiting }) => waiting,
      cell: ({ waiting }) => String(waiting),
    },
    {
      id: "parked",
      header: texts.parks,
      isTight: true,
      sortBy: ({ parked }) => parked,
      cell: ({ parked }) => (parked === 0 ? "0" : <Chip tone="warn">{String(parked)}</Chip>),
    },
    {
      id: "volume",
      header: texts.volume,
      isTight: true,
      sortBy: ({ thisHour }) => thisHour,
      cell: ({ thisHour, expected }) =>
        `${thisHour} / ${expected === null ? "–" : `${expected.day}–${expected.night}`}`,
    },
    {
      id: "passed",
      header: texts.passed,
      sortBy: ({ lastPassed }) => lastPassed ?? undefined,
      cell: ({ lastPassed }) => (lastPassed === null ? texts.never : sayMoment(lastPassed)),
    },
    {
      id: "kept",
      header: texts.kept,
      sortBy: ({ acknowledgement }) => acknowledgement,
      cell: ({ isBlind }) => (isBlind ? <Chip tone="warn">{texts.accept}</Chip> : texts.application),
    },
    {
      id: "certificate",
      header: texts.certificate,
      sortBy: ({ certificateDays }) => certificateDays ?? undefined,
      cell: ({ certificateDays }) => {
        if (certificateDays === null) return texts.noCertificate;
        return certificateDays > 60 ? (
          texts.days(certificateDays)
        ) : (
          <Chip tone="warn">{texts.days(certificateDays)}</Chip>
        );
      },
    },
  ];
}

function ParkedPanel({ operations, texts }: PartProps): ReactNode {
  const queries = useQueryClient();
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: ({ channel, from, until }: { channel: string; from: number; until: number }) =>
      askAgain(channel, from, until),
    onSettled: () => queries.invalidateQueries({ queryKey: operationsQuery.queryKey }),
  });
  const refusal = useFailureWords(failureOf(error));
  const mine = new Set(operations.channels.flatMap(({ name, isMine }) => (isMine ? [name] : [])));
  const columns: readonly ListColumn<Parked>[] = [
    { id: "channel", header: texts.name, sortBy: ({ channel }) => channel, cell: ({ channel }) => channel },
    { id: "type", header: texts.type, isTight: true, sortBy: ({ type }) => type, cell: ({ type }) => type },
    { id: "at", header: texts.at, isTight: true, sortBy: ({ at }) => at, cell: ({ at }) => sayMoment(at) },
    { id: "error", header: texts.error, sortBy: ({ error: said }) => said, cell: ({ error: said }) => said },
    {
      id: "owner",
      header: texts.owner,
      sortBy: ({ owners }) => owners.join(),
      cell: ({ owners }) => owners.join(", ") || "–",
    },
    {
      id: "again",
      header: texts.again,
      sortBy: () => undefined,
      cell: ({ channel, position }) =>
        mine.has(channel) ? (
          <Button
            size="compact-sm"
            loading={isPending}
            onClick={() => mutate({ channel, from: position, until: position })}
          >
            {texts.again}
          </Button>
        ) : (
          <span className="dim">{texts.notMine}</span>
        ),
    },
  ];
  return (
    <Panel title={texts.parked}>
      <p role="status">{data === undefined ? "" : texts.asked(data.asked)}</p>
      {error ? <p role="alert">{refusal}</p> : null}
      {operations.parked.length === 0 ? (
        <p className="dim">{texts.noneParked}</p>
      ) : (
        <ListTable
          caption={texts.parked}
          rows={operations.parked}
          columns={columns}
          rowId={({ direction, position }) => `${direction} ${position}`}
        />
      )}
    </Panel>
  );
}
