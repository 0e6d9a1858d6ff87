/**
 * What the screens of the ledger fetch and send: rows without anybody's name, which are asked for again every few seconds; what each is
 * about, which is logged and asked for once; the steps of one; and the next step of one or many.
 *
 * SPEC WEB-INBOX · WEB-SENT · HTTP-LOOP
 */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Bundle, FhirResource, Patient } from "fhir/r4";
import { get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";

export type Kind =
  | "order"
  | "referral"
  | "result"
  | "letter"
  | "specimen"
  | "message"
  | "task"
  | "call"
  | "signature"
  | "fault";
export type State =
  | "created"
  | "transferred"
  | "received"
  | "taken-over"
  | "completion-asked"
  | "returned"
  | "failed"
  | "booked"
  | "answered"
  | "read"
  | "acted-on"
  | "closed"
  | "cancelled"
  | "mistaken";
export type Risk = 0 | 1 | 2 | 3;

/** One thing in motion. Lists are named by HSA-id, and so are people; nobody's health is told by it. */
export type LoopRow = {
  readonly id: string;
  readonly kind: Kind;
  readonly state: State;
  readonly version: number;
  readonly owner: string | null;
  readonly responsible: string | null;
  readonly sender: string;
  readonly sentBy: string | null;
  readonly receiver: string | null;
  readonly risk: Risk;
  readonly level: number;
  readonly opened: string;
  readonly since: string;
  readonly deadline: string | null;
  readonly closed: string | null;
  /** What the reader may do with it now. */
  readonly can: readonly string[];
};
/** What the lists and people are called that rows name. */
export type Names = Readonly<Record<string, string>>;
/** `total` is how many the whole list has under its filter. */
export type Counts = {
  readonly open: number;
  readonly late: number;
  readonly critical: number;
  readonly total: number;
};
export type LoopPage = {
  readonly asOf: string;
  readonly items: readonly LoopRow[];
  readonly next: string | null;
  readonly names: Names;
  readonly counts: Counts;
};
export type PatientLoops = Omit<LoopPage, "counts">;
/** What a row is about. Without a patient and a title nothing opens the record to whoever asks. */
export type LoopAbout = {
  readonly id: string;
  readonly subject: string;
  readonly title: string | null;
  /** An answer with values, which can be compared with their intervals; one in words alone cannot. */
  readonly hasValues: boolean;
  readonly patient: string | null;
  readonly person: Patient | null;
};
export type LoopStep = {
  readonly version: number;
  readonly event: string;
  readonly state: State;
  readonly at: string;
  readonly by: string;
  readonly unit: string | null;
  readonly owner: string | null;
  readonly responsible: string | null;
  readonly note: string | null;
};
export type LoopHistory = {
  readonly asOf: string;
  readonly row: LoopRow;
  readonly steps: readonly LoopStep[];
  readonly names: Names;
};
export type Whose = "all" | "mine";
export type LoopFilter = {
  readonly list: "inbox" | "sent";
  readonly kind?: Kind | undefined;
  readonly whose?: Whose | undefined;
  readonly late?: boolean | undefined;
};
/** One step that is asked for: of the version that was seen, under a key that makes it one step however often it is sent. */
export type Wish = {
  readonly loop: string;
  readonly seen: number;
  readonly event: string;
  readonly key: string;
  readonly note?: string | undefined;
  readonly person?: string | undefined;
  readonly list?: string | undefined;
};
export type Done = {
  readonly loop: string;
  readonly done: boolean;
  /** Where it stands now, when the reader still sees it. */
  readonly row: LoopRow | null;
  readonly refusal: string | null;
};
export type Place = { readonly id: string; readonly title: string; readonly provider: string | null };
export type Colleague = { readonly id: string; readonly name: string; readonly title: string };
export type OwnLists = {
  readonly lists: readonly (Place & { readonly people: readonly Colleague[] })[];
};

/** Every so often the rows are asked for again; a new critical answer is seen within this time. */
const LIVE_MS = 10_000;
const KEY = "loops";
const PAGE = 100;

export function loopsQuery({ list, ...filter }: LoopFilter) {
  return infiniteQueryOptions({
    queryKey: [KEY, list, filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<LoopPage>(`/api/${list}?${wordsOf({ ...filter, after: pageParam, limit: String(PAGE) })}`, signal),
    getNextPageParam: (page) => page.next,
    refetchInterval: LIVE_MS,
    staleTime: LIVE_MS,
  });
}

export function patientLoopsQuery(patientId: string) {
  return queryOptions({
    queryKey: ["patient", patientId, "loops"],
    queryFn: ({ signal }) => get<PatientLoops>(`${patientPath(patientId)}/loops`, signal),
    refetchInterval: LIVE_MS,
  });
}

/** What some rows are about. Errors: CallFailed. */
export async function aboutLoops(ids: readonly string[]): Promise<readonly LoopAbout[]> {
  return (await postFor<{ readonly items: readonly LoopAbout[] }>("/api/loops/about", { loops: ids })).items;
}

export function historyQuery(id: string, version: number) {
  return queryOptions({
    queryKey: ["patient", "loop", id, version],
    queryFn: ({ signal }) => get<LoopHistory>(`/api/loops/${encodeURIComponent(id)}`, signal),
  });
}

/** A resource in the version of its loop: when the loop has moved on, it is read anew. */
export type Seen = { readonly id: string; readonly version: number };

/** Answers, each with the values in it; `ids` are those of DiagnosticReports. */
export function reportsQuery(reports: readonly Seen[]) {
  const ids = reports.map(({ id }) => id).join();
  return queryOptions({
    queryKey: ["patient", "loop-subject", "DiagnosticReport", ids, reports.map(({ version }) => version).join()],
    queryFn: ({ signal }) =>
      get<Bundle>(
        `/fhir/R4/DiagnosticReport?_id=${ids}&_count=${reports.length}&_include=DiagnosticReport:result&_include=DiagnosticReport:performer`,
        signal,
      ).then(resourcesIn),
    enabled: reports.length > 0,
  });
}

/** One resource with who asked and who was asked beside it. */
export function subjectQuery(type: string, id: string, version: number) {
  const along = type === "ServiceRequest" ? ["requester", "performer"] : type === "Task" ? ["requester"] : [];
  const includes = along.map((one) => `&_include=${type}:${one}`).join("");
  return queryOptions({
    queryKey: ["patient", "loop-subject", type, id, String(version)],
    queryFn: ({ signal }) => get<Bundle>(`/fhir/R4/${type}?_id=${id}${includes}`, signal).then(resourcesIn),
  });
}

/** Takes steps, one or many; each stands for itself. */
export async function takeSteps(steps: readonly Wish[]): Promise<readonly Done[]> {
  return (await postFor<{ readonly items: readonly Done[] }>("/api/loops/steps", { steps })).items;
}

export const ownListsQuery = queryOptions({
  queryKey: [KEY, "own-lists"],
  queryFn: ({ signal }) => get<OwnLists>("/api/worklists", signal),
});

export function placesQuery(words: string) {
  return queryOptions({
    queryKey: [KEY, "places", words],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly Place[]; readonly more: boolean }>(
        `/api/worklists/find?${wordsOf({ words })}`,
        signal,
      ),
    enabled: words.trim().length > 1,
  });
}

function resourcesIn(bundle: Bundle): readonly FhirResource[] {
  return (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
}

function wordsOf(given: Readonly<Record<string, string | boolean | undefined>>): string {
  const set = Object.entries(given).filter(([, value]) => value !== undefined && value !== "" && value !== false);
  return new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
}
