/**
 * The scalars of the schema: FHIR's primitive types, given as they are stored, and one for what a caller writes as an
 * argument, where `official`, `"official"`, `true` and `6.0` all mean a text.
 *
 * SPEC HTTP-GRAPHQL · https://hl7.org/fhir/R4/graphql.html
 */
import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLID,
  GraphQLScalarType,
  GraphQLString,
  Kind,
  type ValueNode,
} from "graphql";
import { ExactNumber } from "../../../fhir/index.ts";

const known = new Map<string, GraphQLScalarType>([
  ["boolean", GraphQLBoolean],
  ["string", GraphQLString],
  ["id", GraphQLID],
]);

/** The scalar of a primitive type of FHIR. Numbers pass through as they were written. */
export function scalarOf(code: string): GraphQLScalarType {
  let scalar = known.get(code);
  if (scalar === undefined) {
    scalar = new GraphQLScalarType({ name: code, serialize: (value) => value });
    known.set(code, scalar);
  }
  return scalar;
}

/** What a caller writes as the value of a criterion. */
export const CRITERION = new GraphQLScalarType({
  name: "criterion",
  description: "A text, number, boolean or code, as it would be written in a search.",
  parseValue: (value) => criterionText(value),
  parseLiteral: (node) => literalText(node),
});

function criterionText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || value instanceof ExactNumber) return String(value);
  throw new GraphQLError("A criterion is a text, number, boolean or code.");
}

function literalText(node: ValueNode): string {
  if (node.kind === Kind.BOOLEAN) return String(node.value);
  if (node.kind === Kind.STRING || node.kind === Kind.ENUM || node.kind === Kind.INT || node.kind === Kind.FLOAT)
    return node.value;
  throw new GraphQLError("A criterion is a text, number, boolean or code.", { nodes: node });
}
