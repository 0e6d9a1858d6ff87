/** Entries of the access log for tests: one with everything, and many from a seed. */
import { homeOf, seededRandom } from "../../base/index.ts";
import type { AccessLogEntry } from "../../store/index.ts";

/** What a physician reads; `more` says it otherwise. */
export function entryOf(more: Partial<AccessLogEntry>): AccessLogEntry {
  const patient = more.patient === undefined ? "p1" : more.patient;
  return {
    recorded: "2026-11-21T08:00:00.000Z",
    home: patient === null ? 0 : homeOf(patient),
    action: "read",
    outcome: "granted",
    ground: "ACC-NEED · PDL 4 kap. 1 § · Läkare med uppdrag vid Medicinkliniken.",
    actor: "SE2321000131-P000000000001",
    person: "Anna Ek, Överläkare",
    assignment: "assignment-anna",
    careUnit: "Medicinkliniken",
    careProvider: "Region Västmark",
    careUnitId: "SE2321000131-E000000000011",
    careProviderId: "SE2321000131-E000000000001",
    purpose: "Vård och behandling",
    request: "r-0",
    what: ["Observation/o1/_history/1"],
    ...more,
    patient,
  };
}

const NAMES = ["Anna Ek", "Åsa <Öberg> & co", 'Bo "Bosse" Hägglund', "Lo, Li"];
const ACTIONS = ["read", "vread", "search", "create", "update", "delete", "everything", "read access log", "write"];

/** An entry like those that are written, another for each number. */
export function randomEntry(
  n: number,
  patients: readonly (string | null)[] = ["p1", "p2", "p3", null],
): AccessLogEntry {
  const random = seededRandom(`entry ${n}`);
  const isClient = random.int(5) === 0;
  const who = random.int(NAMES.length);
  const types = ["Observation", "Condition", "MedicationRequest"];
  const what = Array.from({ length: random.int(4) }, () => {
    const version = 1 + random.int(3);
    return `${random.pick(types)}/r${random.int(6)}/_history/${version}`;
  });
  const careUnitId = `SE2321000131-E00000000001${random.int(3)}`;
  return entryOf({
    recorded: new Date(Date.UTC(2026, 9, 24) + random.int(3 * 86_400_000)).toISOString(), // over the end of summer time
    patient: random.pick(patients),
    action: random.pick(ACTIONS),
    outcome: random.int(6) === 0 ? "refused" : "granted",
    ground: random.int(9) === 0 ? "ACC-EMERGENCY · PDL 4 kap. 5 § · Nödsituation." : `ACC-NEED · PDL · "skäl" ${n}`,
    actor: isClient ? "client lab" : `SE2321000131-P00000000000${who}`,
    person: isClient ? null : `${NAMES[who]}, Sjuksköterska`,
    assignment: isClient ? null : `assignment-${who}`,
    careUnit: isClient ? careUnitId : `Enhet ${careUnitId.slice(-1)}`,
    careUnitId,
    purpose: isClient ? "Administration" : "Vård och behandling",
    request: `r-${n}`,
    what: what.length === 0 ? ["Observation?code"] : what,
  });
}
