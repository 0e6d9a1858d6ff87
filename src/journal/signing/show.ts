/**
 * Seals and remarks as FHIR has them: a Provenance with a signature for each seal, a Provenance with its reason for each correction, and a
 * Communication from the patient for each disagreement. They are shown so and not stored so: nobody can write or change one.
 *
 * SPEC JRN-SIGN-SHOW · https://hl7.org/fhir/R4/provenance.html · https://hl7.org/fhir/R4/datatypes.html#Signature
 */
import type { JsonObject } from "../../fhir/index.ts";
import { HSA_SYSTEM } from "../../base/index.ts";
import type { Author } from "./author.ts";
import type { Seal } from "./sign.ts";
import type { Remark, SigningState } from "./state.ts";

const ACTIVITY = "http://terminology.hl7.org/CodeSystem/v3-DocumentCompletion";
const DATA_OPERATION = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
const PARTICIPATION = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
/** ASTM E1762: the signature of whoever has verified the contents. */
const VERIFICATION = {
  system: "urn:iso-astm:E1762-95:2013",
  code: "1.2.840.10065.1.12.1.5",
  display: "Verification Signature",
};
/** The signature's data are the 32 bytes of the hash of the version's stored text. */
const SHA256 = "application/x-sha256";

/** A seal as a Provenance. */
export function provenanceOf(seal: Seal): JsonObject {
  const { signer, signed, sha256 } = seal;
  const who = whoIs(signer);
  return {
    resourceType: "Provenance",
    target: [{ reference: versionName(seal) }],
    recorded: signed,
    activity: { coding: [{ system: ACTIVITY, code: "LA", display: "legally authenticated" }], text: "signering" },
    agent: [{ type: { coding: [{ system: PARTICIPATION, code: "verifier" }] }, who, ...behalfOf(signer) }],
    signature: [
      {
        type: [VERIFICATION],
        when: signed,
        who,
        sigFormat: SHA256,
        data: Buffer.from(sha256, "hex").toString("base64"),
      },
    ],
  };
}

/** Everything beside a note, as a collection. */
export function besideOf(subject: JsonObject | undefined, state: SigningState): JsonObject {
  const resources = [
    ...state.seals.map(provenanceOf),
    ...state.corrections.map(correctionOf),
    ...state.disagreements.map((one) => disagreementOf(subject, one)),
  ];
  return { resourceType: "Bundle", type: "collection", entry: entriesOf(resources) };
}

function entriesOf(resources: readonly JsonObject[]): JsonObject[] | undefined {
  return resources.length === 0 ? undefined : resources.map((resource) => ({ resource }));
}

function correctionOf(remark: Remark): JsonObject {
  return {
    resourceType: "Provenance",
    target: [{ reference: versionName(remark) }],
    recorded: remark.recorded,
    reason: [{ text: remark.words }],
    activity: { coding: [{ system: DATA_OPERATION, code: "UPDATE", display: "revise" }], text: "rättelse" },
    agent: [
      {
        type: { coding: [{ system: PARTICIPATION, code: "author" }] },
        who: whoIs(remark.author),
        ...behalfOf(remark.author),
      },
    ],
    entity: [{ role: "revision", what: { reference: `${remark.type}/${remark.id}/_history/${remark.version - 1}` } }],
  };
}

function disagreementOf(subject: JsonObject | undefined, remark: Remark): JsonObject {
  return {
    resourceType: "Communication",
    status: "completed",
    category: [{ text: "patienten håller inte med" }],
    ...(subject === undefined ? {} : { subject, sender: subject }),
    about: [{ reference: versionName(remark) }],
    sent: remark.recorded,
    payload: [{ contentString: remark.words }],
    note: [{ authorString: nameOf(remark.author), time: remark.recorded, text: "antecknat på patientens begäran" }],
  };
}

function versionName({ type, id, version }: Pick<Seal, "type" | "id" | "version">): string {
  return `${type}/${id}/_history/${version}`;
}

function whoIs(author: Author): JsonObject {
  if (author.kind === "client") return { display: author.name };
  return { reference: `Practitioner/${author.id}`, display: nameOf(author) };
}

function nameOf(author: Author): string {
  return author.kind === "client" ? author.name : `${author.name}, ${author.title}`;
}

function behalfOf(author: Author): JsonObject {
  if (author.kind === "client") return {};
  return { onBehalfOf: { identifier: { system: HSA_SYSTEM, value: author.unitHsaId }, display: author.unit } };
}
