/**
 * Comparing in conditions. What cannot be decided (a month against a day in it, millimoles against grams)
 * breaks no condition: it counts as holding.
 *
 * SPEC FHIR-INVARIANT-4 · https://hl7.org/fhir/R4/datatypes.html#Period
 */
import { dateRange } from "../dates.ts";
import { isJsonObject, isNumber, numberOf, type JsonObject } from "../json-value.ts";
import type { Node } from "./nodes.ts";

const DATES: ReadonlySet<string> = new Set(["date", "dateTime", "instant"]);

/** Whether `left operator right` holds, or could. */
export function mayHold(left: Node, operator: string, right: Node): boolean {
  const order = orderOf(left, right);
  if (order === undefined) return true;
  if (order === 0) return operator.endsWith("=");
  return operator.startsWith("<") === order < 0;
}

function orderOf(left: Node, right: Node): number | undefined {
  const [a, b] = [left.value, right.value];
  if (isNumber(a) && isNumber(b)) return Math.sign(numberOf(a) - numberOf(b));
  if (DATES.has(left.type) && typeof a === "string" && typeof b === "string") return orderOfDates(a, b);
  if (isJsonObject(a) && isJsonObject(b)) return orderOfQuantities(a, b);
  return undefined;
}

function orderOfDates(a: string, b: string): number | undefined {
  const [left, right] = [dateRange(a), dateRange(b)];
  if (!left || !right) return undefined;
  if (left.low >= right.high) return 1;
  if (left.high <= right.low) return -1;
  return left.low === right.low && left.high === right.high ? 0 : undefined;
}

function orderOfQuantities(a: JsonObject, b: JsonObject): number | undefined {
  const isSameUnit = a["system"] === b["system"] && a["code"] === b["code"] && a["unit"] === b["unit"];
  const [left, right] = [a["value"], b["value"]];
  if (!isSameUnit || !isNumber(left) || !isNumber(right)) return undefined;
  return Math.sign(numberOf(left) - numberOf(right));
}
