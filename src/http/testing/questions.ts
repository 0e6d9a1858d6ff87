/** Questions of every kind that a reader can ask of the region of tests, about what is open and what is not. SPEC HTTP-API-BLOCK-3 */
import type { SeededRandom } from "../../base/index.ts";
import { CODES, isHidden, PATIENTS, TYPES, type Kept, type Type } from "./hidden-region.ts";
import type { Call, ServerOfTest } from "./index.ts";
import { toldBy } from "./told.ts";

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Call["headers"];
};

const SECTIONS = ["results", "notes", "contacts", "problems", "medications", "timeline"] as const;

/** Makes questions of every kind that a person can ask, about what is open and what is not. */
export class Questions {
  private readonly random: SeededRandom;
  private readonly kept: readonly Kept[];
  private readonly makers: readonly (() => Asked)[];

  constructor(random: SeededRandom, kept: readonly Kept[]) {
    this.random = random;
    this.kept = kept;
    this.makers = [
      ...Array.from({ length: 8 }, () => () => this.get(this.search())),
      () => this.get(this.name()),
      () => this.get(`${this.name()}/_history${random.pick(["", "/1", "/2", "?_count=1"])}`),
      () => this.get(`${random.pick(TYPES)}/_history?_count=${1 + random.int(30)}`),
      () => ({ method: "HEAD", path: random.pick([this.name(), this.search()]) }),
      () => ({ method: "GET", path: this.name(), headers: { "if-none-match": `W/"${1 + random.int(2)}"` } }),
      () => ({ method: "GET", path: this.search(), headers: { accept: "application/fhir+xml" } }),
      () => this.get(this.operation()),
      () => this.get(this.graphql()),
      () => this.get(this.own()),
      () => this.postedSearch(),
      () => this.batch(),
      () => this.refusedWrite(),
    ];
  }

  next(): Asked {
    return this.random.pick(this.makers)();
  }

  private get(path: string): Asked {
    return { method: "GET", path };
  }

  private name(): string {
    const { type, id } = this.random.pick(this.kept);
    return `${type}/${id}`;
  }

  private id(type?: Type): string {
    return this.random.pick(this.kept.filter((one) => type === undefined || one.type === type)).id;
  }

  private criterion(type: Type): string {
    const { random } = this;
    const of = random.pick(PATIENTS);
    const code = random.pick(CODES);
    return random.pick([
      `patient=${of}`,
      `subject=Patient/${of}`,
      `_id=${this.id(type)},${this.id(type)}`,
      `patient.name=Test`,
      `patient:missing=false`,
      `_lastUpdated=gt2020-01-01`,
      ...(type === "Encounter"
        ? [
            `class=IMP`,
            `date=ge2026-0${1 + random.int(9)}`,
            `_has:Observation:encounter:code=${code}`,
            `_has:Condition:encounter:_id=${this.id("Condition")}`,
          ]
        : [
            `code=${code}`,
            `code:not=${code}`,
            `encounter=${this.id("Encounter")}`,
            `encounter.class=IMP`,
            `encounter:missing=true`,
            `_content=text`,
          ]),
      ...(type === "DiagnosticReport" ? [`result=${this.id("Observation")}`, `result.code=${code}`] : []),
      ...(type === "Observation"
        ? [`value-quantity=gt${random.int(100)}`, `status=amended`, `_has:DiagnosticReport:result:patient=${of}`]
        : []),
    ]);
  }

  private search(): string {
    const { random } = this;
    if (random.next() < 0.12)
      return `Patient?${random.pick([`_has:${random.pick(["Observation", "Condition", "Procedure"])}:patient:code=${random.pick(CODES)}`, `_id=${random.pick(PATIENTS)}&_revinclude=${random.pick(TYPES)}:patient`, `_has:Encounter:patient:_has:Observation:encounter:code=${random.pick(CODES)}`])}`;
    const type = random.pick(TYPES);
    const parts = Array.from({ length: 1 + random.int(2) }, () => this.criterion(type));
    const shape = random.pick([
      "",
      `_count=${1 + random.int(4)}`,
      "_total=accurate&_count=1",
      "_summary=count",
      "_summary=true",
      "_elements=id",
      "_sort=-_lastUpdated",
      "_sort=-date&_count=3",
      "_include=*",
      `_include=${type}:encounter`,
      `_include=${type}:encounter&_revinclude=Observation:encounter`,
      "_include:iterate=*&_count=2",
    ]);
    const isDated = type !== "MedicationRequest" && type !== "Condition";
    return `${type}?${[...parts, ...(shape === "" || (shape.includes("date") && !isDated) ? [] : [shape])].join("&")}`;
  }

  private operation(): string {
    const { random } = this;
    const of = random.pick(PATIENTS);
    return random.pick([
      `Patient/${of}/$everything`,
      `Patient/${of}/$everything?_count=${1 + random.int(5)}`,
      `Patient/${of}/$everything?_type=${random.pick(TYPES)}`,
      `Encounter/${this.id("Encounter")}/$everything`,
      `Observation/$lastn?patient=${of}&category=vital-signs&max=${1 + random.int(3)}`,
      `Patient/${of}/${random.pick([...TYPES, "*"])}`,
      `Encounter/${this.id("Encounter")}/Observation`,
      `?_type=${random.pick(TYPES)},${random.pick(TYPES)}&patient=${of}`,
      `${random.pick(TYPES)}/$meta`,
      `${this.name()}/$meta`,
    ]);
  }

  private graphql(): string {
    const { random } = this;
    const query = random.pick([
      `{ObservationList(patient:"${random.pick(PATIENTS)}"){id code{text} encounter{resource{...on Encounter{id class{code}}}}}}`,
      `{Patient(id:"${random.pick(PATIENTS)}"){id ConditionList(_reference:patient){id}}}`,
      `{DiagnosticReport(id:"${this.id("DiagnosticReport")}"){id result{resource{...on Observation{id}}}}}`,
    ]);
    return `$graphql?query=${encodeURIComponent(query)}`;
  }

  /** What the screens, and the paper that is made of them, ask for. */
  private own(): string {
    const { random } = this;
    if (random.next() < 0.15) return random.pick(["/api/unsigned", "/api/patients?q=Test", "/api/patients?q=p1"]);
    const part = random.pick([
      "overview",
      "blocks",
      "signing",
      ...SECTIONS,
      ...SECTIONS.map((one) => `${one}?limit=2`),
    ]);
    return `/api/patients/${random.pick(PATIENTS)}/${part}`;
  }

  private postedSearch(): Asked {
    const [path = "", query = ""] = this.search().split("?");
    return {
      method: "POST",
      path: `${path}/_search`,
      body: query,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
  }

  private batch(): Asked {
    const entry = Array.from({ length: 3 }, () => ({
      request: { method: "GET", url: this.random.pick([this.search(), this.name()]) },
    }));
    return { method: "POST", path: "", body: { resourceType: "Bundle", type: "batch", entry } };
  }

  /** A write that cannot be done, for what it names is not there for the reader: it must not tell whether it is for others. */
  private refusedWrite(): Asked {
    const { random } = this;
    const { type, id, of } = random.pick(this.kept.filter(isHidden));
    const about = { code: { text: "ny" }, subject: { reference: `Patient/${of}` } };
    return random.pick([
      { method: "PUT", path: `${type}/${id}`, body: { resourceType: "Observation", id, status: "final", ...about } },
      { method: "DELETE", path: `${type}/${id}` },
      {
        method: "PATCH",
        path: `${type}/${id}`,
        body: [{ op: "add", path: "/language", value: "sv" }],
        headers: { "content-type": "application/json-patch+json" },
      },
      {
        method: "POST",
        path: "Observation",
        body: { resourceType: "Observation", status: "final", ...about, hasMember: [{ reference: `${type}/${id}` }] },
      },
      {
        method: "POST",
        path: "Observation",
        body: {
          resourceType: "Observation",
          status: "final",
          ...about,
          encounter: { reference: `Encounter?_id=${id}` },
        },
      },
    ]);
  }
}

const LANES = 8;

/** Asks in some lanes at once, and answers what was told, in the order of the questions. */
export async function askAll(
  server: ServerOfTest,
  by: Pick<Call, "cookie" | "token">,
  asked: readonly Asked[],
): Promise<string[]> {
  const answers: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < asked.length) {
      const at = next++;
      const { method, path, body, headers } = asked[at]!;
      answers[at] = toldBy(
        await server.call(method, encodeURI(decodeURI(path)), {
          ...by,
          body,
          ...(headers === undefined ? {} : { headers }),
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return answers;
}
