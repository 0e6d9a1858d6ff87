/**
 * The tables as one set with one version, which every resource that was made from them tells. The digest of each version is written down
 * here: a row that is changed without a new version fails the build. SPEC EXCH-MAP-TABLE
 */
import { hash64Text } from "../../../base/index.ts";
import * as codes from "./codes.ts";
import * as identity from "./identity.ts";
import type { Table } from "./table.ts";

export * from "./codes.ts";
export * from "./identity.ts";
export type { Row, Table, Way } from "./table.ts";

export const TABLES: readonly Table[] = [...Object.values(codes), ...Object.values(identity)];

/** Which rows each version of the set had. A new version is added last; an old one is never changed. */
export const SET_VERSIONS: readonly { readonly version: string; readonly digest: string }[] = [
  { version: "1", digest: "-5233732883332148335" },
];

/** What tells two sets apart: every row with its direction, and whose the table is. */
export function digestOf(tables: readonly Table[]): string {
  const rows = tables.map(({ name, owner, source, rows: some }) => [name, owner, source, some]);
  return hash64Text(JSON.stringify(rows));
}

export const SET_VERSION = SET_VERSIONS.at(-1)?.version ?? "";
/** The system of the tag that tells the version of the tables. */
export const SET_SYSTEM = "urn:eira:hl7v2:tabeller";
