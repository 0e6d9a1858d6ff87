/**
 * Subscription/$status, $events and $replay: how one's own subscriptions stand, what they were told, and to be told again.
 *
 * SPEC HTTP-SUBSCRIPTION · https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/operations.html
 */
import {
  ownSubscriptionStatus,
  subscriptionEvents,
  subscriptionReplay,
  subscriptionStatus,
} from "../../../exchange/index.ts";
import { parameterMissing } from "../../../terminology/index.ts";
import { refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { sendText } from "../../reply.ts";
import { pathParameter, route, type Exchange, type Method, type Route } from "../../route.ts";
import { OperationInput } from "../terminology/input.ts";

const BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-";
const CONTENTS = ["empty", "id-only", "full-resource"] as const;

type Run = (exchange: Exchange<"actor">) => Promise<unknown>;

type Declared = {
  readonly name: string;
  readonly definition: string;
  readonly methods: readonly Method[];
  readonly run: Run;
  /** Between the type and the operation. */
  readonly path?: string;
};

function operation({ name, definition, methods, run, path = "/:id" }: Declared): Route[] {
  const described = { type: "Subscription", name, definition };
  const address = `/fhir/R4/Subscription${path}/$${name}`;
  return methods.map((method) => route({ method, path: address, rule: "actor", operation: described, run }));
}

const BOTH = ["GET", "POST"] as const;
const STATUS = { name: "status", definition: `${BACKPORT}status`, methods: BOTH };

export const subscriptionRoutes: readonly Route[] = [
  ...operation({ ...STATUS, run: answerStatus }),
  ...operation({ ...STATUS, run: answerStatuses, path: "" }),
  ...operation({ name: "events", definition: `${BACKPORT}events`, methods: BOTH, run: answerEvents }),
  ...operation({
    name: "replay",
    definition: "OperationDefinition/Subscription-replay",
    methods: ["POST"],
    run: answerReplay,
  }),
];

async function answerStatus({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  OperationInput.of(request, []);
  return sendText(reply, 200, (await subscriptionStatus(visit, pathParameter(request, "id"))).value);
}

async function answerStatuses({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const input = OperationInput.of(request, ["id", "status"]);
  const ask = { ids: input.texts("id"), statuses: input.texts("status") };
  return sendText(reply, 200, (await ownSubscriptionStatus(visit, ask)).value);
}

async function answerEvents({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const input = OperationInput.of(request, ["eventsSinceNumber", "eventsUntilNumber", "content"]);
  const said = input.text("content");
  const content = CONTENTS.find((one) => one === said);
  if (said !== undefined && content === undefined) throw parameterMissing("content");
  const ask = { since: input.whole("eventsSinceNumber"), until: input.whole("eventsUntilNumber"), content };
  return sendText(reply, 200, (await subscriptionEvents(visit, pathParameter(request, "id"), ask)).value);
}

/** Without a number everything is sent again from the beginning. */
async function answerReplay({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const from = OperationInput.of(request, ["eventsSinceNumber"]).whole("eventsSinceNumber") ?? 1;
  const { value } = await subscriptionReplay(visit, pathParameter(request, "id"), from);
  const answer = { resourceType: "Parameters", parameter: [{ name: "events", valueUnsignedInt: value }] };
  return sendText(reply, 200, JSON.stringify(answer));
}
