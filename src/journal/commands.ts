/**
 * What a caller may ask to have written, and what was written.
 *
 * SPEC JRN-COMMIT · https://hl7.org/fhir/R4/http.html#transaction
 */
import type { JsonObject, JsonValue } from "../fhir/index.ts";
import type { Version } from "./read.ts";

/** Who owns what is created. Only a machine client may say it; a person's data is owned by the assignment's unit. */
export type Owner = { readonly careProvider: string | null; readonly careUnit: string | null };

type Common = {
  readonly type: string;
  /** Where the command stands in the request, for the expression of an error: `Bundle.entry[3].resource`, or the type. */
  readonly where: string;
  readonly owner?: Owner;
};

export type CreateCommand = Common & {
  readonly kind: "create";
  readonly resource: JsonObject;
  /** Search criteria: create only if nothing meets them. */
  readonly ifNoneExist?: string;
  readonly fullUrl?: string;
};

export type UpdateCommand = Common & {
  readonly kind: "update";
  readonly id: string;
  readonly resource: JsonObject;
  readonly ifMatch?: string;
  /** `If-None-Match: *`: only when there is no such resource. */
  readonly onlyIfAbsent?: boolean;
  readonly fullUrl?: string;
};

export type PatchCommand = Common & {
  readonly kind: "patch";
  readonly id: string;
  /** A JSON Patch, which is a list, or the Parameters of a FHIRPath Patch. */
  readonly operations: JsonValue;
  readonly ifMatch?: string;
};

export type DeleteCommand = Common & { readonly kind: "delete"; readonly id: string; readonly ifMatch?: string };

export type Command = CreateCommand | UpdateCommand | PatchCommand | DeleteCommand;

/**
 * What came of a command. `existed`: the criteria of a conditional create were met; `unchanged`: the update said what
 * was there already; `absent`: there was nothing to delete.
 */
export type Written = {
  readonly outcome: "created" | "updated" | "unchanged" | "existed" | "deleted" | "absent";
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: string;
  /** The version that stands now; nothing after a deletion. */
  readonly content: string | null;
};

/** What came of a command, and whose it is; what an idempotency key keeps, without the content. */
export type Remembered = Written & { readonly patient: string | null };

export function versionOf({ type, id, version, content }: Written): Version | undefined {
  return content === null ? undefined : { type, id, version, content };
}
