/**
 * Ordering as the chart's screens ask: what can be ordered and who gets it, the basket that is being filled, signing it, sets of the unit's
 * and one's own, and one order to read in full.
 *
 * SPEC HTTP-ORDER
 */
import {
  draftOf,
  lookAtOrder,
  orderBasket,
  orderCatalogue,
  orderLineIn,
  retireSet,
  saveDraft,
  saveSet,
  signOrders,
  type OrderLine,
  type SeenDraft,
  type SetLine,
} from "../../clinical/index.ts";
import { fhirErrorAt, isFhirId, isJsonObject, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { piecesOf } from "../pieces.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route, type Route } from "../route.ts";
import { change } from "./change.ts";

const OF = "/api/patients/:id/orders";
const { idIn, maybeText, textIn, keyIn, listIn } = piecesOf("ORDER_INVALID");

const catalogue = route({
  method: "GET",
  path: "/api/order-catalogue",
  rule: "person",
  run: async ({ reply, visit }) => toldAsOf(reply, visit, (await orderCatalogue(visit)).value),
});

const basket = route({
  method: "GET",
  path: `${OF}/basket`,
  rule: "person",
  run: async ({ request, reply, visit }) =>
    toldAsOf(reply, visit, (await orderBasket(visit, pathParameter(request, "id"))).value),
});

/** Whether something is begun: a look at the draft alone, and not at what it is made from. */
const draft = route({
  method: "GET",
  path: `${OF}/draft`,
  rule: "person",
  run: async ({ request, reply, visit }) =>
    toldAsOf(reply, visit, { draft: (await draftOf(visit, pathParameter(request, "id"))).value }),
});

const one = route({
  method: "GET",
  path: `${OF}/:order`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const order = idIn(pathParameter(request, "order"), "order");
    return toldAsOf(reply, visit, (await lookAtOrder(visit, pathParameter(request, "id"), order)).value);
  },
});

export const ORDER_ROUTES: readonly Route[] = [
  catalogue,
  basket,
  draft,
  one,
  change(`${OF}/basket`, async ({ request, visit }, body) => {
    const wish = { seen: seenIn(body["seen"]), lines: linesIn(body) };
    return { draft: (await saveDraft(visit, pathParameter(request, "id"), wish)).value };
  }),
  change(OF, async ({ request, visit }, body) => {
    const shown = maybeText(body, "shown", 40);
    const draft = (body["draft"] ?? null) === null ? null : idIn(body["draft"], "draft");
    const wish = { key: keyIn(body), shown, draft, lines: linesIn(body) };
    return { orders: (await signOrders(visit, pathParameter(request, "id"), wish)).value };
  }),
  change("/api/order-sets", async ({ visit }, body) => {
    const whose = body["whose"];
    if (whose !== "unit" && whose !== "own") throw fhirErrorAt("ORDER_INVALID", "whose", "unit, own");
    const lines = listIn(body, "lines").map(setLineIn);
    return (await saveSet(visit, { title: textIn(body, "title", 200), whose, lines, key: keyIn(body) })).value;
  }),
  change(
    "/api/order-sets/:set/retire",
    async ({ request, visit }) =>
    (await retireSet(visit, idIn(pathParameter(request, "set"), "set"))).value, // prettier-ignore
  ),
];

function linesIn(body: JsonObject): readonly OrderLine[] {
  return listIn(body, "lines").map((value, at) => {
    const line = orderLineIn(value);
    if (line === undefined) throw fhirErrorAt("ORDER_INVALID", `lines[${at}]`, `lines[${at}]`);
    for (const name of ["item", "receiver"] as const)
      if (line[name].length > 200) throw fhirErrorAt("ORDER_INVALID", `lines[${at}].${name}`, name);
    if (!isFhirId(line.item)) throw fhirErrorAt("ORDER_INVALID", `lines[${at}].item`, "item");
    return line;
  });
}

function setLineIn(value: JsonValue, at: number): SetLine {
  const line = isJsonObject(value) ? value : {};
  const maybe = (name: string): string | null => maybeText(line, name, 1_000);
  if (typeof line["item"] !== "string") throw fhirErrorAt("ORDER_INVALID", `lines[${at}].item`, "item");
  return { item: textIn(line, "item", 200), priority: maybe("priority"), question: maybe("question") };
}

function seenIn(value: JsonValue | undefined): SeenDraft {
  if (value === undefined || value === null) return null;
  const { id, version } = isJsonObject(value) ? value : {};
  if (typeof version !== "number" || !Number.isInteger(version)) throw fhirErrorAt("ORDER_INVALID", "seen", "seen");
  return { id: idIn(id, "seen"), version };
}
