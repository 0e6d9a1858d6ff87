/**
 * "Det här är samma person": both records side by side, what will follow, a reason, and the way back; and a child that is born here.
 *
 * SPEC WEB-SAME-2, WEB-SAME-3
 */
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { Patient } from "fhir/r4";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { useOverview } from "../chart/use-section.ts";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { patientFacts } from "../say/patients.ts";
import { Button, TextInput } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { failureOf, isWithoutNeed } from "../wire/call.ts";
import { searchPatients } from "../wire/chart.ts";
import { joinRecords, partRecords, registerChild, samePersonQuery, type JoinWish, type OtherRecord, type SamePerson, type Sex } from "../wire/registration.ts"; // prettier-ignore
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./registration.module.css";
import { useRegistrationTexts } from "./use-texts.ts";

export function SamePage(): ReactNode {
  const texts = useRegistrationTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/samma-person" });
  const { loaded, fresh } = useLoaded(samePersonQuery(patientId));
  const own = useOverview(patientId).loaded;
  const [said, setSaid] = useState("");
  return (
    <Screen title={texts.same} fresh={fresh}>
      <div className={styles["page"]}>
        <p role="status">{said}</p>
        <LoadView loaded={loaded} unknown={texts.page.none} lines={6}>
          {(same) => (own.state === "some" ? <Joining own={own.value.patient} same={same} done={setSaid} /> : null)}
        </LoadView>
        <Children patientId={patientId} />
      </div>
    </Screen>
  );
}

type JoiningProps = { readonly own: Patient; readonly same: SamePerson; readonly done: (said: string) => void };

function Joining({ own, same, done }: JoiningProps): ReactNode {
  const { page } = useRegistrationTexts();
  const [other, setOther] = useState<Patient>();
  return (
    <>
      {same.others.length > 0 ? <h2>{page.now}</h2> : null}
      {same.others.map((one) => (
        <Joined key={one.id} own={own} same={same} other={one} done={done} />
      ))}
      {same.others.some(({ how }) => how === "survivor") ? null : other === undefined ? (
        <Find own={own} choose={setOther} />
      ) : (
        <Pair own={own} version={same.version} other={other} again={() => setOther(undefined)} done={done} />
      )}
    </>
  );
}

/** Who it turned out to be: found by the same search as anybody. */
function Find({ own, choose }: { readonly own: Patient; readonly choose: (one: Patient) => void }): ReactNode {
  const { page } = useRegistrationTexts();
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<readonly Patient[]>();
  const find = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { items } = await searchPatients(typed, new AbortController().signal).catch(() => ({ items: [] }));
    setFound(items.filter(({ id }) => id !== own.id));
  };
  return (
    <form onSubmit={(event) => void find(event)} className={styles["body"]}>
      <p>{page.lead}</p>
      <TextInput
        label={page.search}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        data-find-same
      />
      <div>
        <Button type="submit" variant="default">
          {page.find}
        </Button>
      </div>
      {found?.length === 0 ? <p role="status">{page.none}</p> : null}
      {found?.map((one) => (
        <div key={one.id} className={styles["card"]}>
          <Who patient={one} />
          <Button size="compact-sm" onClick={() => choose(one)} data-choose-same>
            {page.choose}
          </Button>
        </div>
      ))}
    </form>
  );
}

function Who({ patient }: { readonly patient: Patient }): ReactNode {
  const { patient: words } = useTexts();
  const facts = patientFacts(patient, new Date().toISOString());
  return (
    <p>
      <strong>{facts.name ?? words.nameMissing}</strong>
      <br />
      {facts.identity?.text ?? words.missing}
      <br />
      {words.bornLabel} {facts.born ?? words.unknown}
    </p>
  );
}

type PairProps = {
  readonly own: Patient;
  readonly version: string;
  readonly other: Patient;
  readonly again: () => void;
  readonly done: (said: string) => void;
};

/** Both side by side, what follows, and a reason. */
function Pair({ own, version, other, again, done }: PairProps): ReactNode {
  const { page } = useRegistrationTexts();
  const [isSwapped, setSwapped] = useState(false);
  const seen = {
    own: { id: own.id ?? "", version },
    other: { id: other.id ?? "", version: other.meta?.versionId ?? "" },
  };
  const wish = isSwapped ? { survivor: seen.own, replaced: seen.other } : { survivor: seen.other, replaced: seen.own };
  const { take, failure, isBusy } = useWish(own.id ?? "", joinRecords, () => {
    done(page.joined);
    again();
  });
  const card = (patient: Patient, stays: boolean): ReactNode => (
    <section className={styles["card"]} data-stays={stays}>
      <h2>{stays ? page.stays : page.goes}</h2>
      <Who patient={patient} />
    </section>
  );
  return (
    <>
      <div className={styles["two"]}>
        {card(own, isSwapped)}
        {card(other, !isSwapped)}
      </div>
      <div>
        <Button variant="default" size="compact-sm" onClick={() => setSwapped(!isSwapped)}>
          {page.swap}
        </Button>
      </div>
      <h2>{page.follows}</h2>
      <ul>
        {page.follow.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <Reasoned
        label={page.join}
        failure={failure}
        isBusy={isBusy}
        take={(reason) => take({ ...wish, reason })}
        other={other}
      />
    </>
  );
}

type JoinedProps = JoiningProps & { readonly other: OtherRecord };

function Joined({ own, same, other, done }: JoinedProps): ReactNode {
  const { page } = useRegistrationTexts();
  const seen = { own: { id: own.id ?? "", version: same.version }, other: { id: other.id, version: other.version } };
  const wish = other.how === "replaced" ? { survivor: seen.own, replaced: seen.other } : { survivor: seen.other, replaced: seen.own }; // prettier-ignore
  const { take, failure, isBusy } = useWish(own.id ?? "", partRecords, () => done(page.parted));
  return (
    <section className={styles["card"]} data-joined={other.id}>
      <Who patient={other.patient} />
      {other.reason === null ? null : <p>{other.reason}</p>}
      {other.by === null || other.at === null ? null : <p className="dim">{page.by(other.by, sayMoment(other.at))}</p>}
      {other.how === null ? (
        <p className="dim">{page.indirect}</p>
      ) : (
        <Reasoned label={page.part} failure={failure} isBusy={isBusy} take={(reason) => take({ ...wish, reason })} />
      )}
    </section>
  );
}

type ReasonedProps = {
  readonly label: string;
  readonly failure: unknown;
  readonly isBusy: boolean;
  readonly take: (reason: string) => void;
  readonly other?: Patient;
};

function Reasoned({ label, failure, isBusy, take, other }: ReasonedProps): ReactNode {
  const { page, unknownWhy } = useRegistrationTexts();
  const [reason, setReason] = useState("");
  const [isTold, setTold] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTold(true);
    if (reason.trim() !== "" && !isBusy) take(reason);
  };
  const needs = failure !== undefined && isWithoutNeed(failure);
  return (
    <form onSubmit={submit} className={styles["body"]} aria-label={label}>
      <TextInput
        label={page.reason}
        description={page.reasonHint}
        autoComplete="off"
        maxLength={500}
        value={reason}
        error={isTold && reason.trim() === "" ? page.needed : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <p role="alert" className={styles["failure"]}>
        {failure === undefined ? "" : needs ? page.openOther : (failureOf(failure).said ?? unknownWhy)}
      </p>
      {needs && other !== undefined ? (
        <Link to="/patienter/$patientId/oversikt" params={{ patientId: other.id ?? "" }}>
          {page.open}
        </Link>
      ) : null}
      <div>
        <Button type="submit" loading={isBusy}>
          {label}
        </Button>
      </div>
    </form>
  );
}

/** One change however often it is pressed; both charts are read anew after it. */
function useWish(patient: string, call: (wish: JoinWish) => Promise<SamePerson>, done: () => void) {
  const queries = useQueryClient();
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID());
  const run = async (wish: JoinWish): Promise<void> => {
    try {
      await call(wish);
      key.current = crypto.randomUUID();
      await queries.invalidateQueries({ queryKey: ["patient", patient] });
      done();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const take = (wish: Omit<JoinWish, "key">): void => {
    setBusy(true);
    setFailure(undefined);
    void run({ ...wish, key: key.current });
  };
  return { take, failure, isBusy };
}

function Children({ patientId }: { readonly patientId: string }): ReactNode {
  const texts = useRegistrationTexts();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>();
  const key = useRef(crypto.randomUUID());
  const register = (sex: Sex): void => {
    registerChild(patientId, { key: `${key.current} ${sex}`, sex }).then(
      ({ id }) => navigate({ to: "/patienter/$patientId/oversikt", params: { patientId: id } }),
      setFailure,
    );
  };
  const names = texts.childSexes;
  return (
    <section className={styles["body"]} aria-label={texts.child}>
      <h2>{texts.child}</h2>
      <p role="alert" className={styles["failure"]}>
        {failure === undefined ? "" : (failureOf(failure).said ?? texts.unknownWhy)}
      </p>
      <div className={styles["buttons"]}>
        {(["female", "male", "unknown"] as const).map((sex) => (
          <Button key={sex} variant="default" onClick={() => register(sex)} data-child={sex}>
            {names[sex]}
          </Button>
        ))}
      </div>
    </section>
  );
}
