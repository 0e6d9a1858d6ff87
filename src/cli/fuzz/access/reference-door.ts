/**
 * The independent reading of the law at the patient's own door: the patient, guardians and proxies.
 *
 * SPEC ACC-ORACLE · PDL (2008:355) 5 kap. 5 §, the age rules of 1177
 */
import type { DoorCell, Verdict } from "./cells.ts";
import { holds, isId, isPast, list, loose, ordered, sound, swedishDay, when, type Loose } from "./reference-reading.ts";

/** Records of one patient at the patient's door. */
// oxlint-disable-next-line eslint/complexity, eslint/max-lines-per-function -- the law is read from beginning to end in one place
export function judgeDoor({ reader, person, record, at, rules }: DoorCell): Verdict {
  const [who, child, row] = [loose(reader), loose(person), loose(record)];
  const now = typeof at === "string" && at.length > 10 ? when(at) : Number.NaN;
  const birth = child["birthDate"];
  const today = Number.isNaN(now) ? "" : swedishDay(now);
  const kind = String(who["kind"]);
  const isReader = kind === "patient" || ((kind === "guardian" || kind === "proxy") && isId(who["person"]));
  const isBorn =
    birth === null ||
    (typeof birth === "string" && birth.length === 10 && !Number.isNaN(when(birth)) && birth <= today);
  const isRow =
    sound(row, "careUnit:id isNotForPatient:flag") &&
    Array.isArray(row["classes"]) &&
    row["classes"].every((one) => typeof one === "string");
  const stands = list(child["representations"]).map(
    (one) =>
      [
        one,
        sound(one, "kind:text person:id start:time end:time? ended:time?") &&
          ordered(one["start"], one["end"]) &&
          ["guardian", "proxy"].includes(String(one["kind"])),
      ] as const,
  );
  const grants = list(child["grants"]).map(
    (one) =>
      [
        one,
        sound(
          one,
          `kind:text person:${one["kind"] === "child" ? "id?" : "id"} careUnit:id start:time end:time? cancelled:time?`,
        ) &&
          ordered(one["start"], one["end"]) &&
          ["child", "guardian"].includes(String(one["kind"])),
      ] as const,
  );
  const protection = loose(child["protection"]);
  const isProtectionKnown = sound(protection, "sekretessmarkering:flag skyddadFolkbokforing:flag");
  const set = rules.ages.filter((one) => one.from <= today && (one.until === null || today <= one.until));
  const alarm =
    today === "" ||
    !isReader ||
    !isBorn ||
    !isRow ||
    !isProtectionKnown ||
    [...stands, ...grants].some(([, good]) => !good) ||
    set.length !== 1;
  const say = (outcome: Verdict["outcome"]): Verdict => ({ outcome, alarm });

  if (today === "" || !isReader || !isBorn || set.length !== 1) return say("malformed");
  const isMine = (one: Loose): boolean => one["person"] === who["person"];
  if (
    kind !== "patient" &&
    !stands.some(
      ([one, good]) =>
        good &&
        one["kind"] === kind &&
        isMine(one) &&
        holds(now, one["start"], one["end"]) &&
        !isPast(one["ended"], now),
    )
  )
    return say("no right");
  if (
    kind === "guardian" &&
    !(protection["sekretessmarkering"] === false && protection["skyddadFolkbokforing"] === false)
  )
    return say("protected");
  if (birth === null) return say("age unknown");
  // The birthday counts from its midnight; who was born on 29 February has it on the 28th when there is no 29th.
  const [year, date] = [Number(today.slice(0, 4)), today.slice(5)];
  const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  const birthday = String(birth).slice(5) === "02-29" && !isLeap ? "02-28" : String(birth).slice(5);
  const age = year - Number(String(birth).slice(0, 4)) - (date < birthday ? 1 : 0);
  const rule = set[0]?.rules.find((one) => one.from <= age && (one.to === null || age < one.to));
  const right = kind === "patient" ? rule?.patient : kind === "guardian" ? rule?.guardian : rule?.proxy;
  if (right === undefined || right === "nothing") return say("age");
  if (!isRow) return say("malformed");
  const classes = row["classes"] as readonly string[];
  if (row["isNotForPatient"] === true || classes.some((one) => rules.neverClasses.includes(one)))
    return say("not for the patient");
  if (kind !== "patient" && classes.some((one) => rules.notForOthersClasses.includes(one)))
    return say("not for others");
  if (right === "all") return say(`open: ${kind}` as Verdict["outcome"]);
  const isGranted = grants.some(
    ([one, good]) =>
      good &&
      one["kind"] === (kind === "patient" ? "child" : "guardian") &&
      (kind === "patient" || isMine(one)) &&
      one["careUnit"] === row["careUnit"] &&
      holds(now, one["start"], one["end"]) &&
      !isPast(one["cancelled"], now),
  );
  return say(isGranted ? (`open: ${kind}` as Verdict["outcome"]) : "age");
}
