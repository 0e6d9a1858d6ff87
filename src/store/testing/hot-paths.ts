/** Every path that a request for one patient takes through the store, for whoever reads the statements. */
import { homeOf, newId, newPatientId } from "../../base/index.ts";
import { compileIncludes, compileRevinclude, compileSearch, compileWhole, parseSearch } from "../../search/index.ts";
import type { Store } from "../store.ts";
import { create, entry, observation, patient, remove, rowOf, update } from "./rows.ts";

const NOW = Date.parse("2026-11-21T08:00:00Z");
let made = 0;
const random = (): Uint8Array => Uint8Array.from({ length: 10 }, (_, at) => (made++ * 31 + at * 7) % 256);

/** A patient and an observation with the ids that the server gives. */
export function newPair(): { readonly p: string; readonly o: string } {
  const p = newPatientId(NOW, random());
  return { p, o: newId(homeOf(p), NOW, random()) };
}

export const at = (minute: number): string => `2026-11-21T08:${String(minute).padStart(2, "0")}:00.000Z`;
const everybody = (alias: string): string => `${alias}.care_provider IS NOT NULL`;

/** Every path that a request for one patient takes through the store. */
export async function hotPaths(store: Store): Promise<void> {
  const { p, o } = newPair();
  const other = newPair();
  await create(store, [
    rowOf(patient(p)),
    rowOf(observation(o, p)),
    rowOf(patient(other.p)),
    rowOf(observation(other.o, other.p)),
  ]);
  await update(store, rowOf(observation(o, p, 6), { version: 2, lastUpdated: at(2) }));
  await store.write("*", async (tx) => {
    await tx.claimKey(homeOf(p), "someone", `key ${p}`, "request");
    await tx.read("Observation", o);
    await tx.readMany("Observation", [o, other.o]);
    await tx.readVersion("Observation", o, 1);
    await tx.demand("Patient", [p]);
    await tx.demand("Observation", [o]);
    await tx.demand("Observation", [o, other.o]);
    await tx.existing("Patient", [p, other.p]);
    await tx.visible("Observation", [o]);
    await tx.readLastVersion("Patient", p);
    await tx.readLastVersions("Patient", [p, other.p]);
    await tx.relabel(rowOf(observation(o, p, 6), { version: 2, lastUpdated: at(2) }));
    await tx.storeReply(homeOf(p), "someone", `key ${p}`, "[]");
  });
  await Promise.all([store.readOne("*", "Observation", o), store.readOne("*", "Observation", other.o)]);
  await store.readOne("*", "Patient", p);
  await store.read("*", async (read) => {
    await read.read("Observation", o);
    await read.readMany("Observation", [o, other.o]);
    await read.existing("Observation", [o]);
    await read.readOldVersion("Observation", o, 1);
    await read.readLastVersion("Patient", p);
    await read.countVersions("Observation", o);
    await read.instanceHistory({ type: "Observation", id: o, limit: 10 });
    await read.instanceHistoryAt({ type: "Observation", id: o, limit: 10 }, { low: at(0), high: at(9) });
    await read.readersOf(p, undefined, 10);
    await read.readersOf(p, { recorded: at(0), chain: "00000000-0000-0000-0000-000000000000", seq: "1" }, 10);
    for (const [type, query] of searchesFor(p, o)) {
      await read.search(compileSearch(parseSearch(type, [...new URLSearchParams(query)]), everybody));
    }
    for (const statement of [
      compileIncludes(
        [
          { type: "Patient", id: p },
          { type: "Practitioner", id: "x" },
        ],
        everybody,
      ),
      compileRevinclude(
        { source: "Observation", parameter: "patient", target: undefined, iterate: false },
        [{ type: "Patient", id: p }],
        everybody,
        10,
      ),
      compileWhole({ focus: { patients: [p] }, types: ["Encounter"], limit: 10 }, everybody),
      compileWhole({ focus: { patients: [p] }, types: ["Observation"], limit: 10 }, everybody),
    ]) {
      if (statement !== undefined) await read.search(statement);
    }
  });
  await remove(store, "Observation", o, at(3));
  await store.recordAccess([entry(1, { patient: p })]);
}

const searchesFor = (p: string, o: string): readonly (readonly [type: string, query: string])[] => [
  ["Observation", `patient=${p}`],
  ["Observation", `patient=${p}&category=vital-signs&code=188736&date=ge2026-01-01&_sort=-date&_count=20`],
  ["Observation", `subject=Patient/${p}&value-quantity=gt5`],
  ["Condition", `patient=${p}&clinical-status=active&_sort=-recorded-date`],
  ["MedicationRequest", `patient=${p},${p}x&status=active,on-hold`],
  ["Observation", `patient=${p}&_id=${o}`],
  ["Patient", `_id=${p}`],
  ["Practitioner", "_id=x"],
];
