/**
 * The schema, made from the element tables of R4. A query gets a schema of the names that it uses, in some milliseconds;
 * the whole one, with 984 types (0.6 s and 28 MB, once), is made only for introspection.
 *
 * SPEC HTTP-GRAPHQL-1 · https://hl7.org/fhir/R4/graphql.html
 */
import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  specifiedDirectives,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  type GraphQLOutputType,
} from "graphql";
import {
  elementsOf,
  isPrimitiveType,
  isResourceType,
  memberName,
  RESOURCE_TYPES,
  type ElementDefinition,
  type ElementType,
} from "../../../fhir/index.ts";
import { parametersOf } from "../../../search/index.ts";
import {
  resolveConnection,
  resolveElement,
  resolveList,
  resolveOne,
  resolveReference,
  type Scope,
  type Source,
} from "./resolve.ts";
import { CRITERION, scalarOf } from "./scalars.ts";

type Fields = GraphQLFieldConfigMap<Source, Scope>;
type Field = GraphQLFieldConfig<Source, Scope>;
type Given = Readonly<Record<string, unknown>>;

const LISTED = /^([A-Z][A-Za-z]+?)(List|Connection)$/;
const FIELD = [DirectiveLocation.FIELD];
const DIRECTIVES = [
  ...specifiedDirectives,
  new GraphQLDirective({ name: "flatten", locations: FIELD }),
  new GraphQLDirective({ name: "first", locations: FIELD }),
  new GraphQLDirective({ name: "singleton", locations: FIELD }),
  new GraphQLDirective({
    name: "slice",
    locations: FIELD,
    args: { path: { type: new GraphQLNonNull(GraphQLString) } },
  }),
];

/**
 * The schema of a query.
 * @param names the names that the query uses; undefined means all of R4
 * @param root the type of the resource that the query is about; undefined for the whole system
 */
export function schemaOf(names: ReadonlySet<string> | undefined, root: string | undefined): GraphQLSchema {
  return new SchemaBuilder(names, root).schema();
}

class SchemaBuilder {
  private readonly names: ReadonlySet<string> | undefined;
  private readonly root: string | undefined;
  private readonly types = new Map<string, GraphQLObjectType>();
  /** Fields that list resources, and of which type: `ObservationList`. */
  private readonly listed: readonly (readonly [name: string, type: string, isList: boolean])[];
  private readonly resource: GraphQLInterfaceType;
  private common: Fields | undefined;
  private readonly criteria = new Map<string, GraphQLFieldConfigArgumentMap>();

  constructor(names: ReadonlySet<string> | undefined, root: string | undefined) {
    this.names = names;
    this.root = root;
    const all = names ?? RESOURCE_TYPES.flatMap((type) => [`${type}List`, `${type}Connection`]);
    this.listed = [...all].flatMap((name) => {
      const [, type, kind] = LISTED.exec(name) ?? [];
      return isResourceType(type) ? [[name, type, kind === "List"] as const] : [];
    });
    this.resource = new GraphQLInterfaceType({
      name: "Resource",
      fields: () => this.commonFields(),
      resolveType: (source: Source) => typeOf(source),
    });
  }

  schema(): GraphQLSchema {
    return new GraphQLSchema({
      query: this.root === undefined ? this.system() : this.objectType(this.root),
      types: RESOURCE_TYPES.map((type) => this.objectType(type)),
      directives: DIRECTIVES,
      assumeValid: true,
    });
  }

  private has(name: string): boolean {
    return this.names === undefined || this.names.has(name);
  }

  private system(): GraphQLObjectType {
    const fields: Fields = {};
    for (const type of RESOURCE_TYPES) {
      if (!this.has(type)) continue;
      const args = { id: { type: new GraphQLNonNull(GraphQLID) } };
      fields[type] = {
        type: this.objectType(type),
        args,
        resolve: (_, { id }, scope) => resolveOne(scope, type, String(id)),
      };
    }
    for (const [name, type, isList] of this.listed) fields[name] = this.listField(type, isList, {});
    return new GraphQLObjectType({ name: "Query", fields: withSomething(fields) });
  }

  /** The object type of a resource, a datatype or a backbone element (`Patient.contact` is PatientContact). */
  private objectType(holder: string): GraphQLObjectType {
    let type = this.types.get(holder);
    if (type === undefined) {
      const isResource = isResourceType(holder);
      type = new GraphQLObjectType<Source, Scope>({
        name: holder.replaceAll(/(?:^|\.)(.)/g, (_, first: string) => first.toUpperCase()),
        interfaces: isResource ? [this.resource] : [],
        fields: () => this.fieldsOf(holder, isResource),
      });
      this.types.set(holder, type);
    }
    return type;
  }

  private commonFields(): Fields {
    this.common ??= this.elementFields("Patient", new Set(["id", "meta", "implicitRules", "language"]));
    return this.common;
  }

  /** A resource type that no name of the query leads to can only be met as a Resource, with what all resources have. */
  private fieldsOf(holder: string, isResource: boolean): Fields {
    if (!isResource) return withSomething(this.elementFields(holder));
    const isMet = holder === this.root || this.has(holder) || this.listed.some(([, type]) => type === holder);
    return isMet ? { ...this.elementFields(holder), ...this.reverseFields(holder) } : this.commonFields();
  }

  private elementFields(holder: string, only?: ReadonlySet<string>): Fields {
    const fields: Fields = {};
    for (const element of elementsOf(holder) ?? []) {
      if (only?.has(element.name) === false) continue;
      for (const type of element.types) this.addElement(fields, element, type);
    }
    if (holder === "Element") {
      fields["id"] = { type: GraphQLString, resolve: resolveElement };
      fields["extension"] = { type: new GraphQLList(this.objectType("Extension")), resolve: resolveElement };
    }
    if (isResourceType(holder)) fields["resourceType"] = { type: GraphQLString };
    if (holder === "Reference" && this.has("resource"))
      fields["resource"] = {
        type: this.resource,
        args: { optional: { type: GraphQLBoolean }, type: { type: CRITERION } },
        resolve: resolveReference,
      };
    return fields;
  }

  private addElement(fields: Fields, element: ElementDefinition, type: ElementType): void {
    const name = memberName(element, type);
    const isList = element.max > 1;
    const inList = (one: GraphQLOutputType): GraphQLOutputType => (isList ? new GraphQLList(one) : one);
    if (this.has(name)) {
      const args = isList ? this.itemArgs(type) : {};
      fields[name] = { type: inList(this.outputType(type)), args, resolve: resolveElement };
    }
    if (isPrimitiveType(type.code) && this.has(`_${name}`))
      fields[`_${name}`] = { type: inList(this.objectType("Element")), resolve: resolveElement };
  }

  private outputType({ code, holder }: ElementType): GraphQLOutputType {
    if (code === "Resource") return this.resource;
    return isPrimitiveType(code) ? scalarOf(code) : this.objectType(holder ?? code);
  }

  /** A list is narrowed by the values of its items' own elements, and by position. */
  private itemArgs({ code, holder }: ElementType): GraphQLFieldConfigArgumentMap {
    const args: GraphQLFieldConfigArgumentMap = { _count: { type: GraphQLInt }, _offset: { type: GraphQLInt } };
    for (const { name, max, isChoice, types } of elementsOf(holder ?? code) ?? [])
      if (max === 1 && !isChoice && isPrimitiveType(types[0]?.code ?? "") && this.has(name))
        args[name] = { type: CRITERION };
    return args;
  }

  private reverseFields(target: string): Fields {
    const fields: Fields = {};
    for (const [name, type, isList] of this.listed) {
      if (this.names === undefined && !mayName(type, target)) continue;
      fields[name] = this.listField(type, isList, { _reference: { type: new GraphQLNonNull(CRITERION) } });
    }
    return fields;
  }

  private listField(type: string, isList: boolean, more: GraphQLFieldConfigArgumentMap): Field {
    const args = { ...this.criteriaOf(type), ...more };
    if (isList) {
      const output = new GraphQLList(this.objectType(type));
      return {
        type: output,
        args,
        resolve: (source, given: Given, scope) => resolveList(scope, { type, source, given }),
      };
    }
    return {
      type: this.connectionType(type),
      args: { ...args, _cursor: { type: GraphQLString } },
      resolve: (source, given: Given, scope, { fieldNodes }) =>
        resolveConnection(scope, { type, source, given }, fieldNodes),
    };
  }

  /** The search parameters of a type as arguments. */
  private criteriaOf(type: string): GraphQLFieldConfigArgumentMap {
    let args = this.criteria.get(type);
    if (args === undefined) {
      args = { _count: { type: GraphQLInt }, _sort: { type: GraphQLString } };
      for (const parameter of parametersOf(type).keys()) {
        const name = parameter.replaceAll("-", "_");
        if (this.has(name)) args[name] = { type: new GraphQLList(CRITERION) };
      }
      this.criteria.set(type, args);
    }
    return args;
  }

  private connectionType(type: string): GraphQLObjectType {
    const name = `${type}Connection`;
    let connection = this.types.get(name);
    if (connection === undefined) {
      const edge = new GraphQLObjectType({
        name: `${type}Edge`,
        fields: () => ({
          mode: { type: GraphQLString },
          score: { type: GraphQLFloat },
          resource: { type: this.objectType(type) },
        }),
      });
      const position = { type: GraphQLString };
      connection = new GraphQLObjectType({
        name,
        fields: {
          count: { type: GraphQLInt },
          offset: { type: GraphQLInt },
          pagesize: { type: GraphQLInt },
          edges: { type: new GraphQLList(edge) },
          first: position,
          previous: position,
          next: position,
          last: position,
        },
      });
      this.types.set(name, connection);
    }
    return connection;
  }
}

function typeOf({ resourceType }: Source): string {
  return typeof resourceType === "string" ? resourceType : "";
}

/** A type without any of the names that a query uses still has to have a field. */
function withSomething(fields: Fields): Fields {
  return Object.keys(fields).length > 0 ? fields : { _: { type: GraphQLString } };
}

/** True when some reference parameter of the type names the target as one of its own. */
function mayName(type: string, target: string): boolean {
  return [...parametersOf(type).values()].some(({ targets }) => targets.includes(target));
}
