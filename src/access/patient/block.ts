/**
 * Blocks (spärrar): the national table of when information is blocked for whoever asks, and the same as clauses for a
 * statement. A part of a block that cannot be read counts in the way that blocks the most.
 *
 * SPEC ACC-TABLE · PDL (2008:355) 4 kap. 4–5 §§ (section numbers not verified), TKB ehr:blocking 3.2.1 CheckBlocks
 */
import { EXCLUDABLE, REVOKE_REASONS, type Block, type PatientFacts, type RecordFacts } from "./facts.ts";
import { isOverlapping, instantOf, isWithin, lastOf, spanOf, type Span } from "./moments.ts";
import { hasHappened, isId, isIdOrNull, membersOf, rawOf } from "./read-facts.ts";

/** Who asks, as far as blocks go. */
export type BlockReader = { readonly employee: string; readonly careProvider: string; readonly careUnit: string };

/** What one block keeps from one reader: records of this owner, of this time, but for these types. Null is all. */
export type ClosedClause = {
  readonly why: "inner" | "outer" | "unreadable";
  readonly careProvider: string | null;
  readonly careUnit: string | null;
  /** The period in UTC milliseconds, both ends included; an open side is infinite. */
  readonly period: Span;
  readonly except: readonly string[];
};

/** A record as far as blocks go; null is no sound record. */
export type ReadRecord = {
  readonly careProvider: string;
  readonly careUnit: string;
  readonly time: Span;
  readonly type: string | null;
};

export type BlockStatus = "OK" | "BLOCKED" | "VALIDATIONERROR";

/** The answer for each row, in order, and whether every row could be judged (OK) or not (INFO). */
export type BlockCheck = { readonly code: "OK" | "INFO" | "VALIDATIONERROR"; readonly rows: readonly BlockStatus[] };

const EVER: Span = { first: -Infinity, last: Infinity };

/**
 * The table: is each of these records blocked for the reader at this moment? A row that cannot be judged says so and the
 * others are still answered. A reader or a moment that cannot be read answers no row.
 */
export function checkBlocks(
  reader: BlockReader,
  blocks: PatientFacts["blocks"],
  rows: readonly RecordFacts[],
  at: string,
): BlockCheck {
  const moment = instantOf(at);
  if (moment === undefined || !isId(reader.employee) || !isId(reader.careProvider) || !isId(reader.careUnit))
    return { code: "VALIDATIONERROR", rows: rows.map(() => "VALIDATIONERROR") };
  const { clauses } = closedClausesOf(reader, blocks, moment);
  const answers = rows.map((row): BlockStatus => {
    const record = readRecord(row);
    if (record === undefined) return "VALIDATIONERROR";
    return closingClause(reader, clauses, record) === undefined ? "OK" : "BLOCKED";
  });
  return { code: answers.includes("VALIDATIONERROR") ? "INFO" : "OK", rows: answers };
}

/** What the patient's blocks close for the reader, and which of them could not be read in full. */
export function closedClausesOf(
  reader: BlockReader,
  blocks: unknown,
  at: number,
): { readonly clauses: readonly ClosedClause[]; readonly unreadable: readonly number[] } {
  const clauses: ClosedClause[] = [];
  const unreadable: number[] = [];
  for (const [index, raw] of membersOf(blocks).entries()) {
    const block = readBlock(raw, at);
    if (!block.isSound) unreadable.push(index);
    if (!block.isEnded && isAgainst(block, reader) && !block.revokes.some((one) => isFor(one, reader)))
      clauses.push(clauseOf(block));
  }
  return { clauses, unreadable };
}

/** The clause that keeps a record from the reader: one that cannot be read comes first, then outer, then inner. */
export function closingClause(
  reader: BlockReader,
  clauses: readonly ClosedClause[],
  record: ReadRecord,
): ClosedClause | undefined {
  if (isOwn(reader, record)) return undefined; // no block keeps a unit from what it has written itself
  const closing = clauses.filter((clause) => isClosing(clause, record));
  return WEIGHT.map((why) => closing.find((clause) => clause.why === why)).find((clause) => clause !== undefined);
}

const WEIGHT: readonly ClosedClause["why"][] = ["unreadable", "outer", "inner"];

/** Whether a record was written at the reader's own unit. */
export function isOwn(
  reader: BlockReader,
  record: { readonly careProvider: string; readonly careUnit: string },
): boolean {
  return record.careProvider === reader.careProvider && record.careUnit === reader.careUnit;
}

/** Undefined when the record's own facts do not hold together. */
export function readRecord(value: unknown): ReadRecord | undefined {
  const { careProvider, careUnit, start, end, type, isNotForPatient, classes } = rawOf(value);
  const time = spanOf(start, end);
  if (!isId(careProvider) || !isId(careUnit) || time === undefined) return undefined;
  if (type !== null && typeof type !== "string") return undefined;
  if (typeof isNotForPatient !== "boolean" || !Array.isArray(classes)) return undefined;
  if (!classes.every((one) => typeof one === "string")) return undefined;
  return { careProvider, careUnit, time, type };
}

function isClosing(clause: ClosedClause, record: ReadRecord): boolean {
  if (clause.careProvider !== null && clause.careProvider !== record.careProvider) return false;
  if (clause.careUnit !== null && clause.careUnit !== record.careUnit) return false;
  if (record.type !== null && clause.except.includes(record.type)) return false;
  return isOverlapping(clause.period, record.time);
}

type ReadRevoke = { readonly careUnit: string; readonly employee: string | null; readonly isInForce: boolean };
type ReadBlock = {
  readonly isSound: boolean;
  readonly isEnded: boolean;
  readonly kind: Block["kind"] | null;
  readonly careProvider: string | null;
  readonly careUnit: string | null;
  readonly period: Span;
  readonly except: readonly string[];
  readonly revokes: readonly ReadRevoke[];
};

function readBlock(raw: Readonly<Record<string, unknown>>, at: number): ReadBlock {
  const kind = raw["kind"] === "inner" || raw["kind"] === "outer" ? raw["kind"] : null;
  const careProvider = isId(raw["careProvider"]) ? raw["careProvider"] : null;
  const careUnit = isId(raw["careUnit"]) ? raw["careUnit"] : null;
  const period = spanOf(raw["start"], raw["end"]);
  const ends = [hasHappened(raw["cancelled"], at), hasHappened(raw["lifted"], at)];
  const excluded: readonly unknown[] | undefined = Array.isArray(raw["excluded"]) ? raw["excluded"] : undefined;
  const except = EXCLUDABLE.filter((type) => excluded?.includes(type));
  const revokes = membersOf(raw["revokes"]).map((one) => readRevoke(one, at));
  const isOwnerSound = careProvider !== null && (kind === "inner" ? careUnit !== null : isIdOrNull(raw["careUnit"]));
  return {
    isSound:
      kind !== null &&
      isOwnerSound &&
      period !== undefined &&
      !ends.includes(undefined) &&
      excluded?.every((type) => EXCLUDABLE.some((one) => one === type)) === true &&
      !revokes.includes(undefined),
    isEnded: ends.includes(true),
    kind,
    careProvider,
    careUnit,
    period: period ?? EVER,
    except,
    revokes: revokes.filter((one) => one !== undefined),
  };
}

function readRevoke(raw: Readonly<Record<string, unknown>>, at: number): ReadRevoke | undefined {
  const { careUnit, employee, end, reason, cancelled } = raw;
  const last = lastOf(end);
  const isCancelled = hasHappened(cancelled, at);
  if (!isId(careUnit) || !isIdOrNull(employee) || last === undefined || isCancelled === undefined) return undefined;
  if (!REVOKE_REASONS.some((one) => one === reason)) return undefined;
  return { careUnit, employee, isInForce: !isCancelled && isWithin({ first: -Infinity, last }, at) };
}

/** Whether a block is against the reader at all. An inner block is so for other care providers too. */
function isAgainst({ kind, careProvider, careUnit }: ReadBlock, reader: BlockReader): boolean {
  if (careProvider === null || kind === null) return true;
  if (kind === "outer") return careProvider !== reader.careProvider;
  return careUnit === null || !isOwn(reader, { careProvider, careUnit });
}

function isFor(revoke: ReadRevoke, reader: BlockReader): boolean {
  return (
    revoke.isInForce && revoke.careUnit === reader.careUnit && (revoke.employee ?? reader.employee) === reader.employee
  );
}

function clauseOf({ kind, careProvider, careUnit, period, except }: ReadBlock): ClosedClause {
  const isLegible = kind !== null && careProvider !== null && (kind === "outer" || careUnit !== null);
  return {
    why: isLegible ? kind : "unreadable",
    careProvider,
    careUnit: kind === "inner" && careProvider !== null ? careUnit : null, // an outer block is the whole care provider's, whatever unit it names
    period,
    except,
  };
}
