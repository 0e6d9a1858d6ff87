/** JSON text in and out, numbers kept as written. SPEC FHIR-JSON · https://hl7.org/fhir/R4/json.html */
export { parseJson, type JsonLimits } from "./json-parse.ts";
export { ExactNumber, writeJson } from "./json-write.ts";
export {
  isJsonArray,
  isJsonObject,
  isNumber,
  numberOf,
  numberText,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from "./json-value.ts";
