/**
 * Which label printer stands where: declared by whoever runs the installation, so that nobody's record can send bytes to an address of its
 * own choosing. A place without a printer is declared too, and says so.
 *
 * SPEC EXCH-PRINT-1 · F39
 */
import { isJsonArray, isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";

export type Printer = {
  readonly name: string;
  /** What stands on its sign. */
  readonly title: string;
  readonly host: string;
  readonly port: number;
  /** It tells how it stands when it is asked (ZPL's ~HS), and is asked before each print. */
  readonly tellsStatus: boolean;
};
export type LabelPlace = {
  /** What stands on the sign of the place, and in its code. */
  readonly code: string;
  readonly title: string;
  /** The unit that works there, by HSA-id. */
  readonly unit: string;
  /** Null is a place without a printer: labels are printed by the browser there. */
  readonly printer: Printer | null;
};

const CODE = /^[A-Za-z0-9ÅÄÖåäö._-]{1,40}$/;
const HOST = /^[A-Za-z0-9.:-]{1,253}$/;
const LONGEST_TITLE = 80;

/** The places of a file. Errors: an Error that names what is wrong and where. */
export function labelPlacesIn(text: string): readonly LabelPlace[] {
  const file = objectOf(parseJson(text), "the file");
  const printers = new Map<string, Printer>();
  for (const [at, value] of listOf(file["printers"], "printers").entries()) {
    const printer = printerIn(objectOf(value, `printers[${at}]`), `printers[${at}]`);
    if (printers.has(printer.name)) throw new Error(`printers[${at}].name: "${printer.name}" is there already`);
    printers.set(printer.name, printer);
  }
  const places = listOf(file["places"], "places").map((value, at) =>
    placeIn(objectOf(value, `places[${at}]`), { where: `places[${at}]`, printers }),
  );
  const codes = places.map(({ code }) => code.toLocaleLowerCase("sv"));
  const twice = codes.findIndex((code, at) => codes.indexOf(code) !== at);
  if (twice >= 0) throw new Error(`places[${twice}].code: "${codes[twice]}" is there already`);
  return places;
}

function printerIn({ name, title, host, port, tellsStatus = false }: JsonObject, where: string): Printer {
  const number = Number(port ?? 9100);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new Error(`${where}.port: 1-65535`);
  if (typeof tellsStatus !== "boolean") throw new Error(`${where}.tellsStatus: true or false`);
  return {
    name: textOf(name, `${where}.name`, CODE),
    title: titleOf(title, `${where}.title`),
    host: textOf(host, `${where}.host`, HOST),
    port: number,
    tellsStatus,
  };
}

type Beside = { readonly where: string; readonly printers: ReadonlyMap<string, Printer> };

function placeIn({ code, title, unit, printer }: JsonObject, { where, printers }: Beside): LabelPlace {
  const named = printer === undefined || printer === null ? null : printers.get(textOf(printer, `${where}.printer`, CODE)); // prettier-ignore
  if (named === undefined) throw new Error(`${where}.printer: there is no such printer`);
  return {
    code: textOf(code, `${where}.code`, CODE),
    title: titleOf(title, `${where}.title`),
    unit: textOf(unit, `${where}.unit`, /^[A-Z0-9-]{1,64}$/),
    printer: named,
  };
}

function textOf(value: JsonValue | undefined, where: string, form: RegExp): string {
  if (typeof value !== "string" || !form.test(value)) throw new Error(`${where}: not as it is to be`);
  return value;
}

function titleOf(value: JsonValue | undefined, where: string): string {
  if (typeof value !== "string" || value.trim() === "" || value.length > LONGEST_TITLE)
    throw new Error(`${where}: 1-${LONGEST_TITLE} characters`);
  return value;
}

function listOf(value: JsonValue | undefined, where: string): readonly JsonValue[] {
  if (!isJsonArray(value ?? null)) throw new Error(`${where}: a list`);
  return value as readonly JsonValue[];
}

function objectOf(value: JsonValue, where: string): JsonObject {
  if (!isJsonObject(value)) throw new Error(`${where}: an object`);
  return value;
}
