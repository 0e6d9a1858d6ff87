/** Ordaining drugs as the chart's workspace asks: a line understood and checked, signing, stopping, renewing, and favourites. SPEC HTTP-MED */
import {
  lookAtLine,
  medicationFavourites,
  ordainingDesk,
  renewOrdinations,
  retireFavourite,
  saveFavourite,
  saveLineDraft,
  signOrdinations,
  stopOrdination,
  type SeenDraft,
  type SeenOrdination,
  type SignedOrdination,
  type TypedLine,
} from "../../clinical/index.ts";
import { fhirErrorAt, isJsonObject, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { piecesOf } from "../pieces.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route, type Route } from "../route.ts";
import { change } from "./change.ts";

const OF = "/api/patients/:id/medication";
const FAVOURITES = "/api/medication-favourites";
const LONGEST_LINE = 300;
const { idIn, keyIn, listIn, maybeText, oneOf, textIn, wholeIn } = piecesOf("MEDICATION_INVALID");

const favourites = route({
  method: "GET",
  path: FAVOURITES,
  rule: "person",
  run: async ({ reply, visit }) => toldAsOf(reply, visit, { favourites: (await medicationFavourites(visit)).value }),
});

const desk = route({
  method: "GET",
  path: OF,
  rule: "person",
  run: async ({ request, reply, visit }) =>
    toldAsOf(reply, visit, (await ordainingDesk(visit, pathParameter(request, "id"))).value),
});

export const MEDICATION_ROUTES: readonly Route[] = [
  favourites,
  desk,
  change(FAVOURITES, async ({ visit }, body) => {
    const wish = { line: textIn(body, "line", LONGEST_LINE), whose: oneOf(body, "whose", ["unit", "own"]), key: keyIn(body) }; // prettier-ignore
    return { favourites: (await saveFavourite(visit, wish)).value };
  }),
  change(`${FAVOURITES}/:favourite/retire`, async ({ request, visit }) => ({
    favourites: (await retireFavourite(visit, idIn(pathParameter(request, "favourite"), "favourite"))).value,
  })),
  change(`${OF}/look`, async ({ request, visit }, body) => {
    const instead = (body["instead"] ?? null) === null ? null : idIn(body["instead"], "instead");
    return (await lookAtLine(visit, pathParameter(request, "id"), { line: textIn(body, "line", LONGEST_LINE), instead })).value; // prettier-ignore
  }),
  change(OF, async ({ request, visit }, body) => {
    const draft = (body["draft"] ?? null) === null ? null : idIn(body["draft"], "draft");
    const wish = { ...commonIn(body), lines: listIn(body, "lines").map(lineIn), isInpatient: body["isInpatient"] === true, draft }; // prettier-ignore
    return { ordained: (await signOrdinations(visit, pathParameter(request, "id"), wish)).value };
  }),
  change(`${OF}/draft`, async ({ request, visit }, body) => {
    const wish = { seen: seenDraftIn(body["seen"] ?? null), typed: typedIn(body) };
    return { draft: (await saveLineDraft(visit, pathParameter(request, "id"), wish)).value };
  }),
  change(`${OF}/stop`, async ({ request, visit }, body) => {
    const wish = { ...commonIn(body), ...seenIn(body, "stop"), why: textIn(body, "why", 500) };
    return { ordained: (await stopOrdination(visit, pathParameter(request, "id"), wish)).value };
  }),
  change(`${OF}/renew`, async ({ request, visit }, body) => {
    const items = listIn(body, "items").map((one, at) => ({ ...seenIn(one, `items[${at}]`), reasons: reasonsIn(one, `items[${at}]`) })); // prettier-ignore
    return { ordained: (await renewOrdinations(visit, pathParameter(request, "id"), { ...commonIn(body), items })).value }; // prettier-ignore
  }),
];

function commonIn(body: JsonObject): { readonly key: string; readonly shown: string | null } {
  return { key: keyIn(body), shown: maybeText(body, "shown", 40) };
}

function lineIn(value: JsonValue, at: number): SignedOrdination {
  const place = `lines[${at}]`;
  if (!isJsonObject(value)) throw fhirErrorAt("MEDICATION_INVALID", place, place);
  const { replaces } = value;
  const isNew = replaces === undefined || replaces === null;
  return {
    line: textIn(value, "line", LONGEST_LINE),
    reasons: reasonsIn(value, place),
    replaces: isNew ? null : { ...seenIn(replaces, `${place}.replaces`), why: textIn(isJsonObject(replaces) ? replaces : {}, "why", 500) }, // prettier-ignore
  };
}

/** A line that is being typed may be empty, and is as long as any that is looked at. */
function typedIn(body: JsonObject): TypedLine {
  const { replaces = null } = body;
  return {
    line: maybeText(body, "line", LONGEST_LINE) ?? "",
    replaces: replaces === null ? null : idIn(replaces, "replaces"),
    why: maybeText(body, "why", 500) ?? "",
    isInpatient: body["isInpatient"] === true,
  };
}

function seenDraftIn(value: JsonValue): SeenDraft {
  return value === null ? null : seenIn(value, "seen");
}

function seenIn(value: JsonValue, place: string): SeenOrdination {
  if (!isJsonObject(value)) throw fhirErrorAt("MEDICATION_INVALID", place, place);
  return { id: idIn(value["id"], place), version: wholeIn(value, "version") };
}

function reasonsIn(value: JsonValue, place: string): Readonly<Record<string, string>> {
  const given = isJsonObject(value) ? (value["reasons"] ?? {}) : {};
  const isGood = isJsonObject(given) && Object.keys(given).length <= 20 && Object.values(given).every((one) => typeof one === "string" && one.length <= 500); // prettier-ignore
  if (!isGood) throw fhirErrorAt("MEDICATION_INVALID", `${place}.reasons`, "reasons");
  return given as Readonly<Record<string, string>>;
}
