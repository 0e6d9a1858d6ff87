/** Measuring as the chart's workspace asks: what one measures from, writing a round, correcting it, and by which scale. SPEC HTTP-OBS */
import {
  correctMeasured,
  measureDesk,
  ordainScale,
  VALUE_NAMES,
  writeMeasured,
  type Measured,
  type ShownScore,
} from "../../clinical/index.ts";
import { fhirErrorAt, isJsonObject, type JsonObject } from "../../fhir/index.ts";
import { piecesOf } from "../pieces.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route, type Route } from "../route.ts";
import { change } from "./change.ts";

const OF = "/api/patients/:id/observations";
const LONGEST = 500;
const LONGEST_VALUE = 12;
const { idIn, keyIn, listIn, maybeText, textIn, wholeIn } = piecesOf("OBSERVATION_INVALID");

const desk = route({
  method: "GET",
  path: `${OF}/desk`,
  rule: "person",
  run: async ({ request, reply, visit }) => toldAsOf(reply, visit, (await measureDesk(visit, pathParameter(request, "id"))).value), // prettier-ignore
});

export const OBSERVATION_ROUTES: readonly Route[] = [
  desk,
  change(OF, async ({ request, visit }, body) => {
    const how = isJsonObject(body["how"]) ? body["how"] : {};
    const said = { position: maybeText(how, "position", LONGEST), thermometer: maybeText(how, "thermometer", LONGEST), device: maybeText(how, "device", LONGEST) }; // prettier-ignore
    const wish = { ...commonIn(body), ...roundIn(body), time: maybeText(body, "time", 5), how: said };
    return (await writeMeasured(visit, pathParameter(request, "id"), wish)).value;
  }),
  change(`${OF}/scale`, async ({ request, visit }, body) => {
    const ends = (body["ends"] ?? null) === null ? null : seenIn(body);
    const wish = { ...commonIn(body), why: textIn(body, "why", LONGEST), ends };
    return (await ordainScale(visit, pathParameter(request, "id"), wish)).value;
  }),
  change(`${OF}/:round/correct`, async ({ request, visit }, body) => {
    const id = idIn(pathParameter(request, "round"), "round");
    const wish = { ...commonIn(body), ...roundIn(body), version: wholeIn(body, "version"), why: textIn(body, "why", LONGEST) }; // prettier-ignore
    return (await correctMeasured(visit, pathParameter(request, "id"), { id, wish })).value;
  }),
];

function commonIn(body: JsonObject): { readonly key: string; readonly shown: string | null } {
  return { key: keyIn(body), shown: maybeText(body, "shown", 40) };
}

type Round = { readonly measured: Measured; readonly sure: ReadonlySet<string>; readonly score: ShownScore };

function roundIn(body: JsonObject): Round {
  const { values } = body;
  if (!isJsonObject(values)) throw fhirErrorAt("OBSERVATION_INVALID", "values", "values");
  const known: ReadonlySet<string> = new Set(VALUE_NAMES);
  for (const name of Object.keys(values)) if (!known.has(name)) throw fhirErrorAt("OBSERVATION_INVALID", "values", "values"); // prettier-ignore
  const measured = Object.fromEntries(Object.keys(values).map((name) => [name, textIn(values, name, LONGEST_VALUE, `values.${name}`)])); // prettier-ignore
  const sure = new Set(listIn(body, "sure").map(String));
  return { measured, sure, score: scoreIn(body) };
}

function scoreIn(body: JsonObject): ShownScore {
  const score = body["score"] ?? null;
  if (score === null) return null;
  const { total } = isJsonObject(score) ? score : {};
  if (total !== null && (typeof total !== "number" || !Number.isInteger(total))) throw fhirErrorAt("OBSERVATION_INVALID", "score", "score"); // prettier-ignore
  return { total };
}

function seenIn(body: JsonObject): { readonly id: string; readonly version: number } {
  const ends = isJsonObject(body["ends"]) ? body["ends"] : {};
  return { id: idIn(ends["id"], "ends"), version: wholeIn(ends, "version") };
}
