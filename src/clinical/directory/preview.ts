/**
 * A plan in plain Swedish: what changes and for whom, by unit. Somebody whose identity is protected is named by HSA-id
 * only.
 *
 * SPEC CLIN-DIRECTORY-5
 */
import type { Duty, Person, Span } from "./model.ts";
import { namesOf, type Names } from "./names.ts";
import type { Look } from "./look.ts";
import type { Change, DutyChange, Plan } from "./plan.ts";

export type PreviewCounts = {
  readonly providers: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, number>>;
  readonly roles: Readonly<Record<string, number>>;
  readonly people: Readonly<Record<string, number>>;
  readonly assignments: Readonly<Record<string, number>>;
  readonly holdToday: number;
  readonly wouldEnd: number;
};

/** How many of each. */
export function countsOf(plan: Plan): PreviewCounts {
  const { providers, units, roles, people, duties, kept, current, losing } = plan;
  const moved = units.filter(isMoved).length;
  return {
    providers: byKind(providers),
    units: { ...byKind(units), moved },
    roles: byKind(roles),
    people: byKind(people),
    assignments: { ...byKind(duties), kept: kept.length },
    holdToday: current,
    wouldEnd: losing,
  };
}

function byKind(some: readonly Change<unknown>[]): Record<string, number> {
  const of = (kind: Change<unknown>["kind"]): number => some.filter((one) => one.kind === kind).length;
  return { opened: of("opened"), changed: of("changed"), closed: of("closed") };
}

function isMoved({ before, after }: Plan["units"][number]): boolean {
  return before !== undefined && after !== undefined && before.parent !== after.parent;
}

/** The lines that a person reads. */
export function previewLines({ plan, here }: Pick<Look, "plan" | "here">): string[] {
  const names = namesOf(here.directory, plan.target);
  const lines: string[] = [];
  section(
    lines,
    "Vårdgivare",
    plan.providers.map((one) => organizationLine(one, names)),
  );
  section(
    lines,
    "Enheter",
    plan.units.map((one) => unitLine(one, names)),
  );
  section(lines, "Roller", plan.roles.map(roleLine));
  section(
    lines,
    "Personer",
    plan.people.map((one) => personLine(one, names)),
  );
  const units = new Set([...plan.duties.map(({ subject }) => subject.unit), ...plan.kept.map(({ unit }) => unit)]);
  for (const unit of [...units].toSorted((a, b) => names.unit(a).localeCompare(names.unit(b), "sv")))
    section(lines, `Uppdrag vid ${names.unit(unit)}`, dutyLines(plan, unit, names));
  if (lines.length === 0) lines.push("Katalogen är tom och förblir tom.");
  return lines;
}

/** The same for a program: every change with its keys, and no names. */
export function previewChanges({ plan }: Pick<Look, "plan">): Readonly<Record<string, unknown>> {
  const keys = (some: readonly Change<unknown>[]): unknown => some.map(({ kind, key }) => ({ kind, key }));
  return {
    providers: keys(plan.providers),
    units: plan.units.map((one) => ({ kind: one.kind, key: one.key, moved: isMoved(one) })),
    roles: keys(plan.roles),
    people: keys(plan.people),
    assignments: plan.duties.map(({ kind, subject, isMove }) => ({
      kind,
      ...dutyName(subject),
      moved: isMove,
    })),
    kept: plan.kept.map(dutyName),
  };
}

function dutyName({ commission, person, unit }: Duty): Record<string, unknown> {
  return { commission, person, unit };
}

function section(lines: string[], title: string, found: readonly string[]): void {
  if (found.length > 0) lines.push(title, ...found.map((one) => `  ${one}`));
}

const VERB = { opened: "öppnar", changed: "ändras", closed: "stänger" } as const;

function organizationLine({ kind, key, before, after }: Plan["providers"][number], names: Names): string {
  const what = [
    differs("namn", before?.name, after?.name),
    differs("organisationsnummer", before?.orgNo, after?.orgNo),
    differs("tid", spanText(before?.span), spanText(after?.span)),
  ];
  return `${VERB[kind]}: ${names.unit(key)}${kind === "changed" ? listOf(what) : ""}`;
}

function unitLine(one: Plan["units"][number], names: Names): string {
  const { kind, key, before, after } = one;
  const what = [
    differs("namn", before?.name, after?.name),
    differs("del av", nameOf(before?.parent, names), nameOf(after?.parent, names)),
    differs("vårdenhet", yesNo(before?.isCareUnit), yesNo(after?.isCareUnit)),
    differs("tid", spanText(before?.span), spanText(after?.span)),
  ];
  const verb = isMoved(one) ? "flyttar" : VERB[kind];
  return `${verb}: ${names.unit(key)}${kind === "changed" ? listOf(what) : ""}`;
}

function nameOf(parent: string | undefined, names: Names): string | undefined {
  return parent === undefined ? undefined : names.unit(parent);
}

function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? "ja" : "nej";
}

function roleLine({ kind, key, subject, before, after }: Plan["roles"][number]): string {
  const analysis = (role: typeof before): string =>
    role === undefined || role.analysis === null ? "ingen analys" : `analys ${role.analysis.id} ${role.analysis.date}`;
  const verb = { opened: "ny", changed: "ändras", closed: "används inte längre" }[kind];
  const what = [differs("namn", before?.name, after?.name), differs("analys", analysis(before), analysis(after))];
  return `${verb}: ${subject.name} (${key}), ${analysis(subject)}${kind === "changed" ? listOf(what) : ""}`;
}

function personLine({ kind, key, before, after }: Change<Person>, names: Names): string {
  const verb = { opened: "ny", changed: "ändras", closed: "slutar" }[kind];
  if (kind !== "changed" || before === undefined || after === undefined) return `${verb}: ${names.person(key)}`;
  const isHidden = before.isProtected || after.isProtected;
  const name = ({ given, family }: Person): string => `${given} ${family}`;
  const what = [
    isHidden ? (name(before) === name(after) ? "" : "namnet") : differs("namn", name(before), name(after)),
    differs("titel", before.title, after.title),
    differs("skyddad identitet", yesNo(before.isProtected), yesNo(after.isProtected)),
    differs("tid", spanText(before.span), spanText(after.span)),
  ];
  return `${verb}: ${names.person(key)}${listOf(what)}`;
}

function dutyLines({ duties, kept }: Plan, unit: string, names: Names): string[] {
  const here = duties.filter(({ subject }) => subject.unit === unit);
  const of = (kind: DutyChange["kind"]): DutyChange[] => here.filter((one) => one.kind === kind);
  const staying = kept.filter((one) => one.unit === unit).length;
  return [
    ...of("opened").map(({ subject, isMove }) => `får${isMove ? " (flyttar hit)" : ""}: ${dutyText(subject, names)}`),
    ...of("changed").map(
      ({ subject, before, after }) =>
        `ändras: ${dutyText(subject, names)}${listOf(dutyDifferences(before, after, names))}`,
    ),
    ...of("closed").map(
      ({ subject, isMove }) => `mister${isMove ? " (flyttar härifrån)" : ""}: ${dutyText(subject, names)}`,
    ),
    ...(staying === 0 ? [] : [`behåller: ${staying} uppdrag`]),
  ];
}

const FOOTING_TEXT = {
  ordinary: "",
  student: ", studerande",
  deputy: ", ersättare",
  delegation: ", delegering",
} as const;

function dutyText(duty: Duty, names: Names): string {
  const by = duty.footing.kind === "ordinary" ? "" : `${FOOTING_TEXT[duty.footing.kind]} (${duty.footing.by})`;
  return `${names.person(duty.person)}, ${names.role(duty.role)}${by}, ${duty.purpose === "" ? "ändamål saknas" : duty.purpose}, ${spanText(duty.span)}`;
}

function dutyDifferences(before: Duty | undefined, after: Duty | undefined, names: Names): string[] {
  if (before === undefined || after === undefined) return [];
  return [
    differs("uppdrag", before.commission ?? "utan HSA-id", after.commission ?? "utan HSA-id"),
    differs("namn", before.name, after.name),
    differs("roll", names.role(before.role), names.role(after.role)),
    differs("ändamål", before.purpose, after.purpose),
    differs("rättigheter", rightsText(before), rightsText(after)),
    differs("grund", JSON.stringify(before.footing), JSON.stringify(after.footing)),
    differs("tid", spanText(before.span), spanText(after.span)),
  ];
}

function rightsText({ rights }: Duty): string {
  return rights.map(({ activity, informationClass, scope }) => `${activity};${informationClass};${scope}`).join(" ");
}

function spanText(span: Span | undefined): string | undefined {
  if (span === undefined) return undefined;
  return `${span.from ?? "utan början"} till ${span.until ?? "tills vidare"}`;
}

function differs(what: string, before: string | null | undefined, after: string | null | undefined): string {
  return before === after ? "" : `${what}: ${before ?? "inget"} → ${after ?? "inget"}`;
}

function listOf(what: readonly string[]): string {
  const told = what.filter((one) => one !== "");
  return told.length === 0 ? "" : `, ${told.join("; ")}`;
}
