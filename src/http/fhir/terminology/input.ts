/**
 * The parameters of an operation: of the query string, or of a Parameters resource in the body. What is not understood is
 * refused, since an answer that passes over a parameter would be another answer than the one asked for.
 *
 * SPEC HTTP-OP · https://hl7.org/fhir/R4/operations.html
 */
import type { FastifyRequest } from "fastify";
import type { CodeableConcept, Coding, Parameters, ParametersParameter, Resource } from "fhir/r4";
import { fhirErrorWith, isError, validateResource, writeJson, type JsonObject } from "../../../fhir/index.ts";
import { parameterMissing, type AskedCoding, type Coding as SystemCoding } from "../../../terminology/index.ts";
import { resourceOf } from "../../body.ts";
import { operationQueryOf } from "../../query.ts";

/** Parameters about the form of the answer. */
const OF_FORM: ReadonlySet<string> = new Set(["_format", "_pretty"]);

export class OperationInput {
  private readonly values: readonly ParametersParameter[];

  private constructor(values: readonly ParametersParameter[]) {
    this.values = values;
  }

  /** Errors: those of the body, OPERATION_PARAMETER for a name that is not among `known`; without it any name will do. */
  static of(request: FastifyRequest, known?: readonly string[]): OperationInput {
    const query = operationQueryOf(request)
      .filter(([name]) => !OF_FORM.has(name))
      .map(([name, value]) => ({ name, valueString: value }));
    const values = [...query, ...(request.method === "POST" && hasBody(request) ? bodyOf(request) : [])];
    const strange = values.find(({ name }) => known?.includes(name) === false);
    if (strange !== undefined) throw parameterMissing(strange.name);
    return new OperationInput(values);
  }

  /** Every parameter with its simple value, in their order. */
  pairs(): [name: string, value: string][] {
    return this.values.map((one) => [one.name, textOf(one, one.name)]);
  }

  has(name: string): boolean {
    return this.values.some((one) => one.name === name);
  }

  /** The simple values of a parameter, as text. */
  texts(name: string): string[] {
    return this.values.filter((one) => one.name === name).map((one) => textOf(one, name));
  }

  text(name: string): string | undefined {
    return this.texts(name)[0];
  }

  /** Errors: OPERATION_PARAMETER when it is missing. */
  needed(name: string): string {
    const text = this.text(name);
    if (text === undefined || text === "") throw parameterMissing(name);
    return text;
  }

  /** Errors: OPERATION_PARAMETER when it is neither true nor false. */
  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text !== "true" && text !== "false") throw parameterMissing(name);
    return text === "true";
  }

  /** Errors: OPERATION_PARAMETER when it is not a whole number from 0. */
  whole(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text)) throw parameterMissing(name);
    return Number(text);
  }

  /** A resource that is sent along. Errors: OPERATION_PARAMETER when it is of another type, INVALID. */
  resource<T extends Resource>(name: string, type: T["resourceType"]): T | undefined {
    const found = this.values.find((one) => one.name === name);
    if (found === undefined) return undefined;
    const { resource } = found;
    if (resource?.resourceType !== type) throw parameterMissing(name);
    const faults = validateResource(resource as unknown as JsonObject).filter(isError);
    if (faults.length > 0) throw fhirErrorWith("INVALID", faults);
    return resource as T;
  }

  /** Codings under a name; in a query string as `system|code`. Errors: OPERATION_PARAMETER without a code. */
  codings(name: string): AskedCoding[] {
    return this.values
      .filter((one) => one.name === name)
      .flatMap((one) => (one.valueCoding === undefined ? writtenCoding(textOf(one, name)) : one.valueCoding))
      .map((coding) => askedCoding(coding, name));
  }

  /**
   * What the operation is about: `code` with what belongs to it, `coding`, or `codeableConcept`.
   * @param system of a code that is given without one
   */
  asked(names: { readonly system: string; readonly version: string }, system?: string): AskedCoding[] {
    const code = this.text("code");
    const alone: AskedCoding[] =
      code === undefined
        ? []
        : [
            {
              system: this.text(names.system) ?? system,
              version: this.text(names.version),
              code,
              display: this.text("display"),
            },
          ];
    const concepts = this.values.flatMap(({ name, valueCodeableConcept }) =>
      name === "codeableConcept" && valueCodeableConcept !== undefined ? codingsOf(valueCodeableConcept) : [],
    );
    const all = [...alone, ...this.codings("coding"), ...concepts];
    if (all.length === 0) throw parameterMissing("code");
    return all.map((one) => ({ ...one, system: one.system ?? system }));
  }
}

/** Errors: OPERATION_PARAMETER when a coding has no system. */
export function withSystem(codings: readonly AskedCoding[]): SystemCoding[] {
  return codings.map(({ system, ...coding }) => {
    if (system === undefined || system === "") throw parameterMissing("system");
    return { ...coding, system };
  });
}

/** A call without parameters of its own need not have a body. */
function hasBody({ body }: FastifyRequest): boolean {
  return Buffer.isBuffer(body) && body.length > 0;
}

function bodyOf(request: FastifyRequest): ParametersParameter[] {
  const resource = resourceOf(request, "Parameters");
  const faults = validateResource(resource).filter(isError);
  if (faults.length > 0) throw fhirErrorWith("INVALID", faults);
  return (JSON.parse(writeJson(resource)) as Parameters).parameter ?? [];
}

function textOf(parameter: ParametersParameter, name: string): string {
  const [value] = Object.entries(parameter).flatMap(([key, one]: [string, unknown]) =>
    key.startsWith("value") && ["string", "number", "boolean"].includes(typeof one) ? [String(one)] : [],
  );
  if (value === undefined) throw parameterMissing(name);
  return value;
}

function writtenCoding(text: string): Coding {
  const bar = text.indexOf("|");
  return bar < 0 ? { code: text } : { system: text.slice(0, bar), code: text.slice(bar + 1) };
}

function codingsOf({ coding }: CodeableConcept): AskedCoding[] {
  return (coding ?? []).map((one) => askedCoding(one, "codeableConcept"));
}

function askedCoding({ system, version, code, display }: Coding, name: string): AskedCoding {
  if (code === undefined || code === "") throw parameterMissing(name);
  return { system, version, code, display };
}
