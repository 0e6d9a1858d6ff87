/** Nobody is locked out on the first day: everybody on the demonstration's staff does the day's first tasks. Rules of src/demo/SPEC.md. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startServer, type Server } from "./stage/server.ts";

let server: Server;
before(async () => (server = await startServer()));
after(async () => server.stop());

type Seat = { readonly id: string; readonly unit: string; readonly role?: string; readonly who: string };
type Person = {
  readonly hsaId: string;
  readonly profession: string;
  readonly assignments: readonly { readonly id: string; readonly unit: string }[];
};
type Bundle = { readonly entry?: readonly { readonly resource: Readonly<Record<string, unknown>> }[] };

const SECTIONS = ["timeline", "notes", "results"];
/** Roles whose work is no care: they have screens of their own. */
const OTHER_WORK = /logggranskare|behörighetsadministratör/i;

/** Somebody signed in: what is asked answers its status and body. */
async function signedIn(
  assignment: string,
): Promise<(method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>> {
  const headers = { "x-eira": "1", "content-type": "application/json" };
  const answer = await fetch(`${server.base}/api/sign-in`, {
    method: "POST",
    headers,
    body: JSON.stringify({ assignment }),
  });
  assert.ok(answer.ok, `signing in under ${assignment}: ${answer.status}`);
  const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  return async (method, path, body) => {
    const told = await fetch(`${server.base}${path}`, {
      method,
      headers: { ...headers, cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: told.status, body: await told.json().catch(() => undefined) };
  };
}

/** The patients of a bundle's resources, each once. */
function patientsIn(body: unknown): string[] {
  const references = ((body as Bundle).entry ?? []).map(({ resource }) => {
    const { subject, patient } = resource as { subject?: { reference?: string }; patient?: { reference?: string } };
    return (subject ?? patient)?.reference?.split("/")[1];
  });
  return [...new Set(references.filter((one) => one !== undefined))];
}

test(
  "DEMO-DAY-ONE-1 everybody on the staff signs in, finds the unit's patients, opens their charts and, by a reason, another's",
  { timeout: 240_000 },
  async () => {
    const { people } = (await (await fetch(`${server.base}/api/sign-in/people`)).json()) as {
      people: readonly Person[];
    };
    const seats: Seat[] = people.flatMap(({ assignments, profession, hsaId }) =>
      assignments.map(({ id, unit }) => ({ id, unit, who: `${hsaId} ${profession}, ${unit}` })),
    );
    assert.ok(seats.length > 40, `${seats.length} assignments`);
    const locked: string[] = [];
    const opened = { own: 0, units: new Set<string>(), byReason: 0 };
    const asking = async ({ id, who, unit }: Seat): Promise<void> => {
      const ask = await signedIn(id);
      const must = async (method: string, path: string, body?: unknown): Promise<unknown> => {
        const told = await ask(method, path, body);
        if (told.status !== 200) locked.push(`${who}: ${method} ${path} ${told.status}`);
        return told.body;
      };
      await must("GET", "/api/session");
      if (OTHER_WORK.test(who)) return;
      const contacts = await must("GET", "/fhir/R4/Encounter?_sort=-date&_count=5&_elements=subject");
      for (const patient of patientsIn(contacts).slice(0, 1)) {
        await must("GET", `/api/patients/${patient}/overview`);
        for (const section of SECTIONS) await must("GET", `/api/patients/${patient}/${section}`);
        await must("GET", `/fhir/R4/Observation?patient=${patient}&_count=5`);
        await must("GET", `/api/patients/${patient}/care`);
        opened.own += 1;
        opened.units.add(unit);
      }
      // Somebody calls who has never been here.
      const known = patientsIn(await must("GET", "/fhir/R4/Encounter?_count=200&_elements=subject"));
      const found = (await must("GET", "/api/patients?q=anna&limit=20")) as { items: readonly { id: string }[] };
      for (const { id: patient } of found.items.filter((one) => !known.includes(one.id)).slice(0, 5)) {
        const refused = await ask("GET", `/api/patients/${patient}/overview`);
        if (refused.status === 200) continue; // older contacts than the first two hundred
        assert.equal(refused.status, 403, `${who}: a stranger's chart`);
        await must("POST", `/api/patients/${patient}/care`, { kind: "reason", reason: "Telefonrådgivning" });
        await must("GET", `/api/patients/${patient}/overview`);
        opened.byReason += 1;
        break;
      }
    };
    const waiting = [...seats];
    const lane = async (): Promise<void> => {
      for (let seat = waiting.shift(); seat !== undefined; seat = waiting.shift()) await asking(seat);
    };
    await Promise.all(Array.from({ length: 6 }, lane));
    assert.deepEqual(locked, []);
    const clinical = seats.filter(({ who }) => !OTHER_WORK.test(who));
    assert.ok(
      opened.own > 40 && opened.byReason > clinical.length / 2,
      JSON.stringify({ ...opened, units: [...opened.units] }),
    );
  },
);
