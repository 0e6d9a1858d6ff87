/** A life-threatening answer as whoever must act sees it, and that the laboratory has rung about it. SPEC HTTP-CRITICAL */
import { namePeople, toldByTelephone } from "../../clinical/index.ts";
import { fhirErrorAt } from "../../fhir/index.ts";
import { criticalStanding, type Asked } from "../../loop/index.ts";
import { jsonOf } from "../body.ts";
import { piecesOf } from "../pieces.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route, type Route } from "../route.ts";

const { wholeIn } = piecesOf("LOOP_INVALID");

const standing = route({
  method: "GET",
  path: "/api/loops/:id/critical",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { loop, mustBy, asked, next, titles } = (await criticalStanding(visit, pathParameter(request, "id"))).value;
    const people = [...asked, next].flatMap(({ responsible }) => responsible ?? []);
    const named = [...(await namePeople(visit, people)).value.values()].map(({ id, name }) => [id, name] as const);
    return toldAsOf(reply, visit, {
      since: new Date(loop.since).toISOString(),
      mustBy: new Date(mustBy).toISOString(),
      asked: asked.map(askedTold),
      next: askedTold(next),
      names: Object.fromEntries([...titles, ...named]),
    });
  },
});

function askedTold({ owner, responsible, at }: Asked): object {
  return { owner, responsible, at: new Date(at).toISOString() };
}

const told = route({
  method: "POST",
  path: "/api/loops/:id/told",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const seen = wholeIn(body, "seen");
    const { key, from, to, at, readBack } = body;
    if (typeof key !== "string" || key === "" || key.length > 200) throw fhirErrorAt("LOOP_INVALID", "key", "1-200");
    if (typeof readBack !== "boolean") throw fhirErrorAt("LOOP_INVALID", "readBack", "true, false");
    const [rang, heard, when] = [from, to, at].map((one) => (typeof one === "string" ? one : ""));
    const said = { from: rang ?? "", to: heard ?? "", at: when ?? "", isReadBack: readBack };
    await toldByTelephone(visit, { loop: pathParameter(request, "id"), seen, key }, said);
    return toldAsOf(reply, visit, {});
  },
});

export const CRITICAL_ROUTES: readonly Route[] = [standing, told];
