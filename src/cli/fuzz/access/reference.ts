/**
 * An independent reading of the law, to hold the access engine against: who may see a record, said once more in another
 * form. Written from the statutes and the service contract's table, never from `src/access`, of which it knows the facts'
 * shape only. It is flat and without explanations.
 *
 * SPEC ACC-ORACLE · PDL (2008:355) 4–5 kap., lag (2022:913), HSLF-FS 2016:40 4 kap., TKB ehr:blocking 3.2.1
 */
import type { StaffCell, Verdict } from "./cells.ts";
import {
  holds,
  isId,
  isPast,
  list,
  loose,
  ordered,
  sound,
  standing,
  when,
  within,
  type Loose,
} from "./reference-reading.ts";

const REGISTERED = "registered:time cancelled:time? deleted:time?";
const OF_UNIT = `careProvider:id careUnit:id employee:id? start:time end:time? ${REGISTERED}`;

/** Records of one patient for one person on the staff. */
// oxlint-disable-next-line eslint/complexity, eslint/max-lines-per-function -- the law is read from beginning to end in one place
export function judgeStaff({ staff, patient, record, at, limits }: StaffCell): Verdict {
  const [me, row, known] = [loose(staff), loose(record), loose(patient)];
  const now = typeof at === "string" && at.length > 10 ? when(at) : Number.NaN;
  const all = (name: string): readonly Loose[] => list(known[name]);
  const spans = (name: string, hours: number, form: string): [Loose, boolean][] =>
    all(name).map((one) => {
      const [start, end] = name === "choices" ? [one["chosen"], one["expires"]] : [one["start"], one["end"]];
      return [one, sound(one, form) && ordered(start, end) && within(start, end, hours)];
    });

  const relations = all("relations").map(
    (one) => [one, sound(one, OF_UNIT) && ordered(one["start"], one["end"])] as const,
  );
  const reasons = spans("reasons", limits.reasonHours, "employee:id careUnit:id reason:text start:time end:time");
  const choices = spans(
    "choices",
    limits.choiceHours,
    "employee:id careProvider:id careUnit:id? chosen:time expires:time",
  );
  const emergencies = spans("emergencies", limits.emergencyHours, "employee:id reason:text start:time end:time");
  const consents = all("consents").map((one) => {
    const isShort =
      one["type"] !== "Emergency" || (one["end"] !== null && within(one["start"], one["end"], limits.emergencyHours));
    return [
      one,
      sound(one, `${OF_UNIT} type:consent representedBy:text?`) && ordered(one["start"], one["end"]) && isShort,
    ] as const;
  });
  const revoked = (block: Loose): [Loose, boolean][] =>
    list(block["revokes"]).map((one) => [
      one,
      sound(one, "careUnit:id employee:id? end:time reason:revoke cancelled:time?"),
    ]);
  const hasPeriod = (block: Loose): boolean =>
    sound(block, "start:time? end:time?") && (block["start"] === null || ordered(block["start"], block["end"]));
  const isClear = (block: Loose): boolean =>
    hasPeriod(block) &&
    isId(block["careProvider"]) &&
    (block["kind"] === "outer" ? sound(block, "careUnit:id?") : block["kind"] === "inner" && isId(block["careUnit"])) &&
    sound(block, "cancelled:time? lifted:time?") &&
    revoked(block).every(([, good]) => good) &&
    Array.isArray(block["excluded"]) &&
    block["excluded"].every((type) => type === "lak" || type === "upp");
  const isStaff =
    sound(me, "employee:id careProvider:id careUnit:id from:time? until:time? isClinical:flag analysis:text?") &&
    (me["from"] === null || ordered(me["from"], me["until"])) &&
    (me["term"] === null ||
      (sound(loose(me["term"]), "from:time until:time") &&
        ordered(loose(me["term"])["from"], loose(me["term"])["until"]))) &&
    [
      "Vård och behandling",
      "Kvalitetssäkring",
      "Annan dokumentation enligt lag",
      "Statistik",
      "Administration",
      "Kvalitetsregister",
    ].includes(String(me["purpose"]));
  const isRow =
    sound(row, "careProvider:id careUnit:id start:time? end:time? isNotForPatient:flag") &&
    (row["start"] === null || ordered(row["start"], row["end"])) &&
    (row["type"] === null || typeof row["type"] === "string") &&
    Array.isArray(row["classes"]) &&
    row["classes"].every((one) => typeof one === "string");
  const facts = [...relations, ...reasons, ...choices, ...emergencies, ...consents];
  const alarm =
    Number.isNaN(now) ||
    !isStaff ||
    !isRow ||
    facts.some(([, good]) => !good) ||
    !all("blocks").every(isClear) ||
    !sound(loose(known["protection"]), "sekretessmarkering:flag skyddadFolkbokforing:flag");
  const say = (outcome: Verdict["outcome"]): Verdict => ({ outcome, alarm });

  // May this person read records of patients at all? (PDL 4 kap. 1–2 §§)
  if (Number.isNaN(now) || !isStaff) return say("malformed");
  const term = loose(me["term"] ?? { from: null, until: null });
  if (!holds(now, me["from"], me["until"]) || !holds(now, term["from"], term["until"])) return say("no assignment");
  if (me["purpose"] !== "Vård och behandling" || me["isClinical"] !== true) return say("no purpose");
  if (me["analysis"] === null) return say("no analysis");

  // Does the person need this patient's records? (PDL 4 kap. 1 §)
  const mine = (one: Loose): boolean => one["employee"] === me["employee"];
  const ours = (one: Loose): boolean =>
    one["careProvider"] === me["careProvider"] && one["careUnit"] === me["careUnit"];
  const now2 = (one: Loose): boolean => holds(now, one["start"], one["end"]);
  const related = relations
    .filter(([one, good]) => good && ours(one) && now2(one) && standing(one, now))
    .map(([one]) => one);
  const inEmergency = emergencies.some(([one, good]) => good && mine(one) && now2(one));
  const hasReason = reasons.some(([one, good]) => good && mine(one) && one["careUnit"] === me["careUnit"] && now2(one));
  if (!related.some((one) => one["employee"] === null || mine(one)) && !hasReason && !inEmergency)
    return say("no need");
  if (!isRow) return say("malformed");
  if (ours(row)) return say("open: need");

  // Has the patient blocked it? (PDL 4 kap. 4–5 §§, lag 2022:913; the service contract's table row by row)
  // oxlint-disable-next-line eslint/complexity -- one line for each row of the table
  const isBlocked = all("blocks").some((block) => {
    if (isPast(block["cancelled"], now) || isPast(block["lifted"], now)) return false;
    const owner = block["careProvider"];
    if (isId(owner) && owner !== row["careProvider"]) return false;
    if (isId(owner) && block["kind"] === "outer" && owner === me["careProvider"]) return false;
    if (isId(owner) && block["kind"] === "inner" && isId(block["careUnit"]) && block["careUnit"] !== row["careUnit"])
      return false;
    if (
      ["lak", "upp"].some(
        (type) => type === row["type"] && Array.isArray(block["excluded"]) && block["excluded"].includes(type),
      )
    )
      return false;
    if (
      hasPeriod(block) &&
      block["start"] !== null &&
      row["end"] !== null &&
      when(row["end"], "end") < when(block["start"])
    )
      return false;
    if (
      hasPeriod(block) &&
      block["end"] !== null &&
      row["start"] !== null &&
      when(row["start"]) > when(block["end"], "end")
    )
      return false;
    return !revoked(block).some(
      ([one, good]) =>
        good &&
        one["careUnit"] === me["careUnit"] &&
        (one["employee"] === null || mine(one)) &&
        now <= when(one["end"], "end") &&
        !isPast(one["cancelled"], now),
    );
  });
  if (isBlocked) return say("blocked");

  // Cohesive care: another care provider's records (lag 2022:913), then the active choice (HSLF-FS 2016:40 4 kap.)
  const isOther = row["careProvider"] !== me["careProvider"];
  const agreed = consents.filter(
    ([one, good]) => good && ours(one) && (one["employee"] === null || mine(one)) && now2(one) && standing(one, now),
  );
  const isAgreed = agreed.some(([one]) => one["type"] === "Consent");
  if (isOther && !related.some(mine)) return say("needs relation");
  if (isOther && agreed.length === 0 && !inEmergency) return say("needs consent");
  const isChosen = choices.some(
    ([one, good]) =>
      good &&
      mine(one) &&
      one["careProvider"] === row["careProvider"] &&
      (one["careUnit"] === row["careUnit"] || (isOther && one["careUnit"] === null)) &&
      holds(now, one["chosen"], one["expires"]),
  );
  if (!isChosen) return say("needs choice");
  return say(isOther ? (isAgreed ? "open: consent" : "open: emergency") : "open: choice");
}
