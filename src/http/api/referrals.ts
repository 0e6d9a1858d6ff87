/** How a referral stands, what is done with it beyond the inbox's steps, and who waits at the reader's unit. SPEC HTTP-REFERRAL */
import { csvOf } from "../../base/index.ts";
import {
  addToReferral,
  answerReferral,
  askPatient,
  askSecondOpinion,
  assessReferral,
  cancelRequest,
  lookAtReferral,
  namePeople,
  PAUSE_CODES,
  pauseWaiting,
  PRIORITIES,
  waitingList,
  type Seen,
  type Waiting,
} from "../../clinical/index.ts";
import { fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import type { Disclosed, Written } from "../../journal/index.ts";
import { jsonOf } from "../body.ts";
import { proofOf } from "../fhir/operations/signing.ts";
import { piecesOf } from "../pieces.ts";
import { parameter, queryOf, type Parameters } from "../query.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route, type Exchange, type Route } from "../route.ts";

const PATH = "/api/referrals/:loop";
const { oneOf, textIn, wholeIn } = piecesOf("LOOP_INVALID");

const look = route({
  method: "GET",
  path: PATH,
  rule: "person",
  run: async ({ request, reply, visit }) =>
    toldAsOf(reply, visit, (await lookAtReferral(visit, pathParameter(request, "loop"))).value),
});

type Wish = (exchange: Exchange<"person">, seen: Seen, body: JsonObject) => Promise<Disclosed<Written>>;

/** One thing that is done, of the version that was seen and under a key that makes it one. */
function wish(name: string, run: Wish): Route {
  return route({
    method: "POST",
    path: `${PATH}/${name}`,
    rule: "person",
    run: async (exchange) => {
      const { request, reply, visit } = exchange;
      const body = jsonOf(request);
      const version = wholeIn(body, "seen");
      const key = textIn(body, "key");
      if (key === "" || key.length > LONGEST_KEY) throw fhirErrorAt("LOOP_INVALID", "key", `1-${LONGEST_KEY}`);
      const loop = pathParameter(request, "loop");
      const { value } = await run(exchange, { loop, seen: version, key }, body);
      return toldAsOf(reply, visit, { type: value.type, id: value.id, version: value.version });
    },
  });
}

const LONGEST_KEY = 200;

const WISH_ROUTES: readonly Route[] = [
  wish("assess", ({ visit }, seen, body) =>
    assessReferral(visit, seen, {
      priority: oneOf(body, "priority", PRIORITIES),
      target: textIn(body, "target"),
      note: textOr(body, "note", ""),
    }),
  ),
  wish("answer", async (exchange, seen, body) =>
    answerReferral(exchange.visit, seen, { text: textIn(body, "text"), proof: await proofOf(exchange) }),
  ),
  wish("ask-patient", ({ visit }, seen, body) => askPatient(visit, seen, { text: textIn(body, "text") })),
  wish("add", ({ visit }, seen, body) => addToReferral(visit, seen, { text: textIn(body, "text") })),
  wish("cancel", ({ visit }, seen, body) => cancelRequest(visit, seen, { reason: textIn(body, "reason") })),
  wish("second-opinion", ({ visit }, seen, body) =>
    askSecondOpinion(visit, seen, { unit: textIn(body, "unit"), question: textIn(body, "question") }),
  ),
  wish("pause", ({ visit }, seen, body) =>
    pauseWaiting(visit, seen, {
      code: oneOf(body, "code", PAUSE_CODES),
      reason: textIn(body, "reason"),
      from: textIn(body, "from"),
      until: body["until"] === undefined || body["until"] === null ? null : textIn(body, "until"),
    }),
  ),
];

const waiting = route({
  method: "GET",
  path: "/api/waiting",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { value } = await waitingList(visit, kindOf(queryOf(request)));
    const { value: people } = await namePeople(
      visit,
      value.items.flatMap(({ responsible }) => responsible ?? []),
    );
    const names = Object.fromEntries([...people.values()].map(({ id, name }) => [id, name]));
    return toldAsOf(reply, visit, { ...value, names });
  },
});

const waitingCsv = route({
  method: "GET",
  path: "/api/waiting.csv",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { value } = await waitingList(visit, kindOf(queryOf(request)));
    return reply
      .code(200)
      .header("content-type", "text/csv; charset=utf-8")
      .header("content-disposition", 'attachment; filename="vantelista.csv"')
      .header("cache-control", "no-store")
      .send(csvOf(HEADING, value.items.map(lineOf)));
  },
});

const HEADING = [
  "patient",
  "ärende",
  "prioritet",
  "väntar sedan",
  "dagar",
  "räknade dagar",
  "garantins gräns",
  "sista dag",
  "passerad",
  "klockan stoppad",
  "medicinskt måldatum",
  "kallelse",
];

/** Patients stand by their id in the journal: a file of identity numbers is not what a list of waiting times needs. */
function lineOf({ known, guarantee, callState }: Waiting): (string | number | boolean | null)[] {
  const { start, days, waited, limit, lastDay, isOver, isStopped } = guarantee;
  return [
    known?.patient ?? null,
    known?.title ?? null,
    known?.priority ?? null,
    start,
    days,
    waited,
    limit,
    lastDay,
    isOver,
    isStopped,
    known?.target ?? null,
    callState,
  ];
}

export const REFERRAL_ROUTES: readonly Route[] = [look, ...WISH_ROUTES, waiting, waitingCsv];

function kindOf(asked: Parameters): "referral" | "order" {
  const kind = parameter(asked, "kind") ?? "referral";
  if (kind !== "referral" && kind !== "order") throw fhirErrorAt("SEARCH_VALUE_INVALID", "kind", "kind");
  return kind;
}

function textOr(body: JsonObject, name: string, otherwise: string): string {
  return body[name] === undefined ? otherwise : textIn(body, name);
}
