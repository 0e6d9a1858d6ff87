/** What the log reviewers' screens fetch and send. SPEC WEB-REVIEW */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { get, postFor, sought } from "./call.ts";

export type Outcome = "justified" | "unclear" | "unjustified";
export type RuleName =
  | "same-surname"
  | "same-address"
  | "colleague"
  | "no-relation"
  | "known-person"
  | "emergency"
  | "refused-repeated"
  | "outside-hours";
export type Finding = { readonly rule: RuleName; readonly weight: number; readonly explanation: string };
export type Verdict = {
  readonly outcome: Outcome;
  readonly note: string;
  readonly reviewer: string;
  readonly recorded: string;
  readonly turn: number;
};
export type ShownPatient = {
  readonly id: string;
  readonly name: string | null;
  readonly number: string | null;
  readonly isProtected: boolean;
};
export type ReviewTask = {
  readonly access: string;
  readonly sample: string | null;
  readonly seed: string | null;
  readonly risk: number;
  readonly findings: readonly Finding[];
  readonly day: string;
  readonly first: string;
  readonly actor: string;
  readonly person: string;
  readonly unit: string | null;
  readonly rows: number;
  readonly patient: ShownPatient;
  readonly verdict: Verdict | null;
};
export type QuestionCounts = { readonly open: number; readonly late: number };
export type TaskPage = {
  readonly asOf: string;
  readonly items: readonly ReviewTask[];
  readonly next: string | null;
  /** With the first page: how many patients wait for an answer. */
  readonly questions?: QuestionCounts;
};
export type ReviewLine = {
  readonly time: string;
  readonly action: string;
  readonly activity: string;
  readonly refused: boolean;
  readonly emergency: boolean;
  readonly ground: string;
  readonly types: readonly string[];
  readonly count: number;
  readonly what: readonly string[];
};
export type ReviewDetail = {
  readonly asOf: string;
  readonly task: ReviewTask;
  readonly lines: readonly ReviewLine[];
  readonly isCut: boolean;
  readonly verdicts: readonly Verdict[];
};
export type ReviewQuestion = {
  readonly id: string;
  readonly version: number;
  readonly asked: string;
  readonly answerBy: string | null;
  readonly isLate: boolean;
  readonly unit: string | null;
  readonly words: string;
  readonly state: "sent" | "taken" | "answered" | "closed";
  readonly answers: readonly { readonly text: string; readonly time: string | null; readonly by: string | null }[];
  readonly owner: { readonly name: string; readonly isMine: boolean } | null;
  readonly patient: ShownPatient;
  readonly person: string | null;
  readonly isOwnAccess: boolean;
};
export type QuestionPage = {
  readonly asOf: string;
  readonly items: readonly ReviewQuestion[];
  readonly next: string | null;
  readonly counts: QuestionCounts;
};
export type QuestionDetail = {
  readonly asOf: string;
  readonly question: ReviewQuestion;
  readonly line: ReviewLine | null;
};
export type Sample = {
  readonly id: string;
  readonly seed: string;
  readonly low: string;
  readonly high: string;
  readonly size: number;
  readonly accesses: number;
  readonly items: number;
  readonly judged: number;
};
export type Drawing = {
  readonly job: string;
  readonly sample: string;
  readonly state: "done" | "queued" | "failed";
  readonly told?: { readonly drawn?: number; readonly accesses?: number };
};
export type Counts = {
  readonly sampled: number;
  readonly justified: number;
  readonly unjustified: number;
  readonly unclear: number;
};
export type Month = Counts & { readonly month: string };
export type Statistics = {
  readonly asOf: string;
  readonly first: string;
  readonly last: string;
  readonly months: readonly Month[];
  readonly counts: readonly (Month & { readonly careUnit: string; readonly rule: RuleName | "none" })[];
};
export type ExtractLine = {
  readonly time: string;
  readonly name: string | null;
  readonly title: string | null;
  readonly protectedIdentity: boolean;
  readonly unit: string | null;
  readonly provider: string | null;
  readonly activity: string;
  readonly refused: boolean;
  readonly emergency: boolean;
  readonly ground: string;
  readonly types: readonly string[];
};
export type Extract = { readonly asOf: string; readonly patient: ShownPatient; readonly lines: readonly ExtractLine[] };

export type TaskFilter = {
  readonly sample?: string | undefined;
  readonly state?: "open" | "done" | undefined;
  readonly rule?: string | undefined;
};

const PATH = "/api/log-review";
const KEY = "log-review";

export const samplesQuery = queryOptions({
  queryKey: [KEY, "samples"],
  queryFn: ({ signal }) => get<{ readonly asOf: string; readonly items: readonly Sample[] }>(`${PATH}/samples`, signal),
});

/** What there is to review, the riskiest first, page by page. */
export function tasksQuery(filter: TaskFilter) {
  return infiniteQueryOptions({
    queryKey: [KEY, "tasks", filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<TaskPage>(`${PATH}/accesses?${wordsOf({ ...filter, after: pageParam })}`, signal),
    getNextPageParam: (page) => page.next,
  });
}

export function detailQuery(access: string) {
  return queryOptions({
    queryKey: [KEY, "access", access],
    queryFn: ({ signal }) => get<ReviewDetail>(`${PATH}/accesses/${encodeURIComponent(access)}`, signal),
  });
}

/** Judges an access, having seen so many outcomes of it. */
export function judge(
  access: string,
  verdict: { readonly outcome: Outcome; readonly note: string; readonly seen: number },
): Promise<ReviewDetail> {
  return postFor(`${PATH}/accesses/${encodeURIComponent(access)}/outcome`, verdict);
}

/** Patients' questions: those that wait, the oldest first, or those that are answered, the newest first. */
export function questionsQuery(state: "open" | "done") {
  return infiniteQueryOptions({
    queryKey: [KEY, "questions", state],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<QuestionPage>(`${PATH}/questions?${wordsOf({ state, after: pageParam })}`, signal),
    getNextPageParam: (page) => page.next,
  });
}

export function questionQuery(question: string) {
  return queryOptions({
    queryKey: [KEY, "question", question],
    queryFn: ({ signal }) => get<QuestionDetail>(`${PATH}/questions/${encodeURIComponent(question)}`, signal),
  });
}

/** Takes a question over, having seen a version of it. */
export function takeQuestion(question: string, seen: number): Promise<QuestionDetail> {
  return postFor(`${PATH}/questions/${encodeURIComponent(question)}/owner`, { seen });
}

export function answerQuestion(
  question: string,
  answer: { readonly words: string; readonly seen: number },
): Promise<QuestionDetail> {
  return postFor(`${PATH}/questions/${encodeURIComponent(question)}/answers`, answer);
}

export function drawSample(wish: {
  readonly from: string;
  readonly to: string;
  readonly size: number;
  readonly seed: string;
}): Promise<Drawing> {
  return postFor(`${PATH}/samples`, wish);
}

/** How a drawing that takes its time stands; asked again until it is done. */
export function drawingQuery(job: string) {
  return queryOptions({
    queryKey: [KEY, "job", job],
    queryFn: ({ signal }) => get<Drawing>(`${PATH}/jobs/${encodeURIComponent(job)}`, signal),
    enabled: job !== "",
    refetchInterval: ({ state }) => (state.data?.state === "queued" || state.data === undefined ? 2000 : false),
  });
}

export function statisticsQuery(from: string | undefined, to: string | undefined) {
  return queryOptions({
    queryKey: [KEY, "statistics", from, to],
    queryFn: ({ signal }) => get<Statistics>(statisticsPath(from, to), signal),
  });
}

export function statisticsPath(from: string | undefined, to: string | undefined, format?: "csv"): string {
  return `${PATH}/statistics?${wordsOf({ from, to, format })}`;
}

export function extractQuery(patient: string, from: string | undefined, to: string | undefined) {
  return queryOptions({
    queryKey: [KEY, "extract", patient, from, to],
    // An identity number stands in no address, which proxies write down.
    queryFn: ({ signal }) => get<Extract>(`${PATH}/extract?${wordsOf({ from, to })}`, signal, sought(patient)),
    enabled: patient !== "",
    // Every extract is noted as given: it is made when it is asked for, and not again by itself.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

export function extractPath(ask: {
  readonly patient: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly format?: "csv";
}): string {
  return `${PATH}/extract?${wordsOf(ask)}`;
}

function wordsOf(words: Readonly<Record<string, string | undefined>>): string {
  const said = Object.entries(words).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  return new URLSearchParams(said).toString();
}
