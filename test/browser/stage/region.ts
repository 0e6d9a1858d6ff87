/**
 * Who in the demonstration region has what, by the generator itself: no reader sees all of it. Making the region takes seconds, so
 * what was found is kept beside the regions, under the hash of the server and the day.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FhirResource, Patient } from "fhir/r4";
import { generateRegion } from "../../../src/demo/index.ts";

const KEPT = join(tmpdir(), "eira-browser-cast");
const MAIN = fileURLToPath(new URL("../../../dist/server/main.js", import.meta.url));
/** As the server makes it. */
const SEED = 20_241_112;
/** NPU code of B-Hemoglobin. */
const HAEMOGLOBIN = "NPU28309";

/** The ids of patients; what is asked of them is written at the physicians' care provider. */
export type Roles = {
  readonly followed: string;
  readonly severeAllergy: string;
  readonly flagged: string;
  readonly protected: string;
  readonly deceased: string;
  readonly blank: string;
  readonly noneKnown: string;
};

/** Who plays which part. Throws when the region lacks one: a test that saw nothing must fail. */
export function rolesIn(): Roles {
  const today = new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Stockholm" });
  const key = createHash("sha256").update(readFileSync(MAIN)).update(today).digest("hex").slice(0, 16);
  const file = join(KEPT, `${key}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Roles;
  const found = rolesOf(today);
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(found));
  renameSync(`${file}.${process.pid}`, file);
  return found;
}

type Chart = { readonly patient: Patient; readonly own: FhirResource[]; hasOther: boolean };

function rolesOf(today: string): Roles {
  const charts = chartsOf(today);
  const first = (what: string, holds: (chart: Chart) => boolean): string => {
    const id = charts.find(holds)?.patient.id;
    if (id === undefined) throw new Error(`the region has no patient ${what}`);
    return id;
  };
  const has = (chart: Chart, holds: (resource: FhirResource) => boolean): boolean => chart.own.some(holds);
  const haemoglobins = ({ own }: Chart): number =>
    own.filter((one) => one.resourceType === "Observation" && one.code.coding?.some(({ code }) => code === HAEMOGLOBIN))
      .length;
  const most = Math.max(...charts.map(haemoglobins));
  return {
    followed: first("with haemoglobin values", (chart) => most > 3 && haemoglobins(chart) === most),
    severeAllergy: first("with a severe allergy", (chart) =>
      has(chart, (one) => one.resourceType === "AllergyIntolerance" && one.criticality === "high"),
    ),
    flagged: first("with a flag", (chart) =>
      has(chart, (one) => one.resourceType === "Flag" && one.status === "active"),
    ),
    protected: first("with protected identity", ({ patient }) =>
      (patient.meta?.security ?? []).some(({ code }) => /sekretess|skydd/i.test(code ?? "")),
    ),
    deceased: first("who is deceased", ({ patient }) => patient.deceasedDateTime !== undefined),
    blank: first("of whom only others have written", ({ own, hasOther }) => own.length === 0 && hasOther),
    noneKnown: first("without known allergy", (chart) =>
      has(
        chart,
        (one) => one.resourceType === "AllergyIntolerance" && one.code?.text?.startsWith("Ingen känd") === true,
      ),
    ),
  };
}

/** What the physicians' care provider has written about each patient, and whether others have. */
function chartsOf(today: string): readonly Chart[] {
  const region = generateRegion({ seed: SEED, today });
  const ownProvider = region.staff.find(({ profession }) => /läkare/i.test(profession))?.assignments[0]?.providerHsaId;
  const charts = new Map<string, Chart>();
  for (const { resource, careProvider } of region.resources) {
    if (resource.resourceType === "Patient") {
      charts.set(resource.id ?? "", { patient: resource, own: [], hasOther: false });
      continue;
    }
    const chart = charts.get(aboutOf(resource) ?? "");
    if (chart === undefined || careProvider === null) continue;
    if (careProvider === ownProvider) chart.own.push(resource);
    else chart.hasOther = true;
  }
  return [...charts.values()];
}

function aboutOf(resource: FhirResource): string | undefined {
  const { subject, patient } = resource as { readonly subject?: unknown; readonly patient?: unknown };
  const { reference } = (subject ?? patient ?? {}) as { readonly reference?: string };
  return /^Patient\/(.+)$/.exec(reference ?? "")?.[1];
}
