/** Where the naive search finds the values of each parameter that the oracle tests ask for, written by hand. */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/fhir/index.ts";

export type NaiveParameter = {
  readonly type: "token" | "string" | "reference" | "uri" | "date" | "number" | "quantity" | "composite";
  readonly get: (resource: JsonObject) => readonly JsonValue[];
  readonly targets?: readonly string[];
  /** For bare codes: the systems that are implied. */
  readonly bare?: readonly string[];
  /** What `:identifier` looks at: a reference without a literal target does not say its type. */
  readonly unlimited?: (resource: JsonObject) => readonly JsonValue[];
  readonly foci?: (resource: JsonObject) => readonly JsonObject[];
  readonly parts?: readonly NaiveParameter[];
};

/** The values at a path of names, through arrays. */
function at(...names: readonly string[]): (resource: JsonObject) => readonly JsonValue[] {
  return (resource) =>
    names.reduce<readonly JsonValue[]>(
      (values, name) => values.flatMap((value) => (isJsonObject(value) ? listOf(value[name]) : [])),
      [resource],
    );
}

function any(
  ...getters: readonly ((resource: JsonObject) => readonly JsonValue[])[]
): (resource: JsonObject) => readonly JsonValue[] {
  return (resource) => getters.flatMap((get) => get(resource));
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined || value === null ? [] : isJsonArray(value) ? value : [value];
}

const of = (
  type: NaiveParameter["type"],
  get: NaiveParameter["get"],
  more: Partial<NaiveParameter> = {},
): NaiveParameter => ({ type, get, ...more });
const onlyPatients =
  (get: NaiveParameter["get"]): NaiveParameter["get"] =>
  (resource) =>
    get(resource).filter(
      (reference) => isJsonObject(reference) && String(reference["reference"]).startsWith("Patient/"),
    );
const objects =
  (get: NaiveParameter["get"]): ((resource: JsonObject) => readonly JsonObject[]) =>
  (resource) =>
    get(resource).filter(isJsonObject);

const patientIn = (name: string): NaiveParameter =>
  of("reference", onlyPatients(at(name)), { targets: ["Patient"], unlimited: at(name) });

const code = of("token", at("code"));
const concept = of("token", at("valueCodeableConcept"));
const quantity = of("quantity", at("valueQuantity"));
const self = (resource: JsonObject): readonly JsonObject[] => [resource];
const components = objects(at("component"));
const both = (resource: JsonObject): readonly JsonObject[] => [resource, ...components(resource)];
const composite = (
  foci: (resource: JsonObject) => readonly JsonObject[],
  ...parts: readonly NaiveParameter[]
): NaiveParameter => of("composite", self, { foci, parts });

export const PARAMETERS: Readonly<Record<string, Readonly<Record<string, NaiveParameter>>>> = {
  Organization: {
    name: of("string", any(at("name"), at("alias"))),
    partof: of("reference", at("partOf"), { targets: ["Organization"] }),
  },
  Practitioner: {
    name: of("string", at("name")),
    family: of("string", at("name", "family")),
    identifier: of("token", at("identifier")),
  },
  Patient: {
    active: of("token", at("active"), { bare: [] }),
    gender: of("token", at("gender"), { bare: ["http://hl7.org/fhir/administrative-gender"] }),
    identifier: of("token", at("identifier")),
    telecom: of("token", at("telecom")),
    phone: of("token", (resource) =>
      at("telecom")(resource).filter((one) => isJsonObject(one) && one["system"] === "phone"),
    ),
    name: of("string", at("name")),
    phonetic: of("string", at("name")),
    family: of("string", at("name", "family")),
    given: of("string", at("name", "given")),
    address: of("string", at("address")),
    "address-city": of("string", at("address", "city")),
    "address-use": of("token", at("address", "use"), { bare: ["http://hl7.org/fhir/address-use"] }),
    birthdate: of("date", at("birthDate")),
    "death-date": of("date", at("deceasedDateTime")),
    deceased: of(
      "token",
      (resource) => [resource["deceasedDateTime"] !== undefined || resource["deceasedBoolean"] === true],
      { bare: [] },
    ),
    organization: of("reference", at("managingOrganization"), { targets: ["Organization"] }),
    "general-practitioner": of("reference", at("generalPractitioner"), {
      targets: ["Practitioner", "Organization", "PractitionerRole"],
    }),
  },
  Encounter: {
    class: of("token", at("class")),
    subject: of("reference", at("subject"), { targets: ["Patient", "Group"] }),
    patient: patientIn("subject"),
    date: of("date", at("period")),
    length: of("quantity", at("length")),
    status: of("token", at("status"), { bare: ["http://hl7.org/fhir/encounter-status"] }),
  },
  Observation: {
    _tag: of("token", at("meta", "tag")),
    _profile: of("uri", at("meta", "profile")),
    status: of("token", at("status"), { bare: ["http://hl7.org/fhir/observation-status"] }),
    code,
    category: of("token", at("category")),
    "combo-code": of("token", any(at("code"), at("component", "code"))),
    "component-code": of("token", at("component", "code")),
    "value-concept": concept,
    "combo-value-concept": of("token", any(at("valueCodeableConcept"), at("component", "valueCodeableConcept"))),
    subject: of("reference", at("subject"), { targets: ["Device", "Group", "Location", "Patient"] }),
    patient: patientIn("subject"),
    encounter: of("reference", at("encounter"), { targets: ["Encounter", "EpisodeOfCare"] }),
    performer: of("reference", at("performer"), {
      targets: ["CareTeam", "Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"],
    }),
    date: of("date", any(at("effectiveDateTime"), at("effectivePeriod"), at("effectiveTiming"))),
    "value-date": of("date", at("valueDateTime")),
    "value-string": of("string", any(at("valueString"), at("valueCodeableConcept", "text"))),
    "value-quantity": quantity,
    "component-value-quantity": of("quantity", at("component", "valueQuantity")),
    "combo-value-quantity": of("quantity", any(at("valueQuantity"), at("component", "valueQuantity"))),
    "code-value-quantity": composite(self, code, quantity),
    "code-value-concept": composite(self, code, concept),
    "component-code-value-quantity": composite(components, code, quantity),
    "component-code-value-concept": composite(components, code, concept),
    "combo-code-value-quantity": composite(both, code, quantity),
    "combo-code-value-concept": composite(both, code, concept),
  },
  Goal: {
    patient: patientIn("subject"),
    "target-date": of("date", at("target", "dueDate")),
  },
  RiskAssessment: {
    probability: of("number", any(at("prediction", "probabilityDecimal"), at("prediction", "probabilityRange"))),
  },
  ValueSet: {
    url: of("uri", at("url")),
    name: of("string", at("name")),
    date: of("date", at("date")),
    context: of("token", at("useContext", "valueCodeableConcept")),
    "context-quantity": of("quantity", any(at("useContext", "valueQuantity"), at("useContext", "valueRange"))),
    "context-type-value": composite(objects(at("useContext")), code, concept),
    "context-type-quantity": composite(
      objects(at("useContext")),
      code,
      of("quantity", any(at("valueQuantity"), at("valueRange"))),
    ),
  },
  DocumentReference: {
    relatesto: of("reference", at("relatesTo", "target"), { targets: ["DocumentReference"] }),
    relation: of("token", at("relatesTo", "code"), { bare: ["http://hl7.org/fhir/document-relationship-type"] }),
    relationship: composite(
      objects(at("relatesTo")),
      of("reference", at("target"), { targets: ["DocumentReference"] }),
      of("token", at("code"), { bare: ["http://hl7.org/fhir/document-relationship-type"] }),
    ),
  },
};
