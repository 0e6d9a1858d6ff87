/** A change that a person's screen asks for: its body as JSON, its answer with the time at which it was told. SPEC HTTP-ORDER, HTTP-NOTE */
import type { JsonObject } from "../../fhir/index.ts";
import { jsonOf } from "../body.ts";
import { toldAsOf } from "../reply.ts";
import { route, type Exchange, type Route } from "../route.ts";

/** Answers what the caller is told. */
export type Change = (exchange: Exchange<"person">, body: JsonObject) => Promise<object>;

/** The route of a change. Errors: those of what it runs. */
export function change(path: string, run: Change): Route {
  return route({
    method: "POST",
    path,
    rule: "person",
    run: async (exchange) => {
      return toldAsOf(exchange.reply, exchange.visit, await run(exchange, jsonOf(exchange.request)));
    },
  });
}
