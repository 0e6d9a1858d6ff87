/**
 * A parameter's path as PostgreSQL's jsonpath, for what is read from the resource itself: the text that codes,
 * references and uris are sorted by. Only names from the registry go into it.
 *
 * SPEC SEARCH-SORT-4 · https://www.postgresql.org/docs/current/functions-json.html
 */
import { CHOICES } from "./choices.ts";
import { expressionText, type Expression } from "./expression.ts";

/** The paths of an expression (several where an element has a choice of types), or none for one that is a condition. */
export function jsonPathsOf(path: Expression): readonly string[] {
  switch (path.op) {
    case "type":
    case "resource":
      return ["$"];
    case "field":
      return fieldPaths(path);
    case "ofType":
      return path.of.op === "field" ? join(path.of.of, path.of.name + capital(path.name)) : [];
    case "index":
      return jsonPathsOf(path.of).map((of) => `${of}[${path.at}]`);
    case "where":
      return filtered(path.of, path.criteria);
    default:
      return [];
  }
}

function fieldPaths(path: Expression & { op: "field" }): readonly string[] {
  const types = CHOICES[expressionText(path)] ?? [];
  return types.length === 0
    ? join(path.of, path.name)
    : types.flatMap((type) => join(path.of, path.name + capital(type)));
}

function join(of: Expression, name: string): readonly string[] {
  return jsonPathsOf(of).map((path) => `${path}."${name}"`);
}

/** The only filters before a value are `where(system='phone')` and its like. */
function filtered(of: Expression, criteria: Expression): readonly string[] {
  if (criteria.op !== "=" || criteria.left.op !== "field" || criteria.right.op !== "literal") return [];
  const { name } = criteria.left;
  return jsonPathsOf(of).map(
    (path) =>
      `${path} ? (@."${name}" == ${JSON.stringify(criteria.right.op === "literal" ? criteria.right.value : "")})`,
  );
}

function capital(type: string): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}
