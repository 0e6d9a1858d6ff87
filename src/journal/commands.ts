/**
 * What a caller may ask to have written, and what was written.
 *
 * SPEC JRN-COMMIT · https://hl7.org/fhir/R4/http.html#transaction
 */
import type { JsonObject, JsonValue } from "../fhir/index.ts";
import type { Hit } from "./hits.ts";
import type { Settlement } from "../store/index.ts";
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

/** As `ifMatch`: whatever version stands, if only one does. */
export const ANY_VERSION = "*";

/** What is to be done to a resource, wherever it is named. */
type Update = Common & {
  readonly kind: "update";
  readonly resource: JsonObject;
  /** The version that must stand, several with commas between them, or `*` for any. */
  readonly ifMatch?: string;
  /** `If-None-Match: *`: only when there is no such resource. */
  readonly onlyIfAbsent?: boolean;
  /** Search criteria that nothing may meet when it is new, as two who register the same person at once would each make one. */
  readonly ifNoneExist?: string;
  /** What the server itself says of the subscription that it writes to; never a caller's words. */
  readonly settlement?: Settlement;
  /** Why a locked record is corrected. The journal's own correction says it; never a caller of `commit`. */
  readonly correction?: string;
  readonly fullUrl?: string;
};
type Patch = Common & {
  readonly kind: "patch";
  /** A JSON Patch, which is a list, or the Parameters of a FHIRPath Patch. */
  readonly operations: JsonValue;
  readonly ifMatch?: string;
  /** Made to the whole record, of its links alone. The journal's own joining says it; never a caller of `commit`. */
  readonly isLinking?: true;
};
type Delete = Common & { readonly kind: "delete"; readonly ifMatch?: string };

type Named = { readonly id: string };

export type UpdateCommand = Update & Named;
export type PatchCommand = Patch & Named;
export type DeleteCommand = Delete & Named;

/** A change that does not say of what. */
export type Unnamed = Update | Patch | Delete;

/** A change of what meets search criteria; which resource that is shows inside the transaction. */
export type ConditionalCommand = Unnamed & { readonly criteria: string };

/** A command that says which resource it is about, or that there is to be a new one. */
export type SettledCommand = CreateCommand | UpdateCommand | PatchCommand | DeleteCommand;

export type Command = SettledCommand | ConditionalCommand;

export function isConditional(command: Command): command is ConditionalCommand {
  return "criteria" in command;
}

/** The criteria under whose lock a command is done: those of a conditional change, or those that nothing may meet. */
export function criteriaOf(command: Command): string | undefined {
  if (isConditional(command)) return command.criteria;
  return "ifNoneExist" in command ? command.ifNoneExist : undefined;
}

/** The resource that a command names, as `Type/id`; nothing when that is still to be found or made. */
export function nameOf(command: Command): string | undefined {
  return isConditional(command) || command.kind === "create" ? undefined : `${command.type}/${command.id}`;
}

/**
 * What came of a command. `existed`: the criteria of a conditional create were met; `unchanged`: the update said what
 * was there already; `absent`: there was nothing to delete. A conditional deletion that took several names none of them.
 */
export type Written = {
  readonly outcome: "created" | "updated" | "unchanged" | "existed" | "deleted" | "absent";
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: string;
  /** The version that stands now; nothing after a deletion. */
  readonly content: string | null;
  /** How many resources a conditional deletion took; it names one only when it took one. */
  readonly count?: number;
};

/** What came of a command, and whose it is; what an idempotency key keeps, without the content. */
export type Remembered = Written & {
  readonly patient: string | null;
  /** All that a conditional deletion took, when it was not one. */
  readonly taken?: readonly Hit[];
};

export function versionOf({ type, id, version, content }: Written): Version | undefined {
  return content === null ? undefined : { type, id, version, content };
}
