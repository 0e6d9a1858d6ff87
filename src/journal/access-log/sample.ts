/**
 * Drawing a sample for review: every access of a period has a chance that grows with its risk, and which ones are drawn
 * follows from the seed and the data alone, so that anyone can draw the same sample again.
 *
 * SPEC JRN-LOG-SAMPLE · HSLF-FS 2016:40 4 kap. 9 § · Efraimidis & Spirakis 2006 (weighted sampling without replacement)
 */
import { createHash } from "node:crypto";
import { reachSetting, type Grounds } from "../../access/index.ts";
import { newId } from "../../base/index.ts";
import { memberText, type LogAsk, type LogRow, type ReadTx, type SampleItem } from "../../store/index.ts";
import { recordAccess } from "../commit.ts";
import { groundText, logEntry, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { AccessGatherer } from "./accesses.ts";
import { factsOf, readDirectory } from "./risk-facts.ts";
import { judgeAccess, type Access, type RiskConfig, type RiskFinding } from "./risk-rules.ts";
import { groundsForLog, ownProvider } from "./search-log.ts";

export type SampleAsk = {
  readonly period: { readonly low: string; readonly high: string };
  readonly size: number;
  readonly seed: string;
  readonly config: RiskConfig;
  /** Ids and identity numbers of well-known people. */
  readonly known: ReadonlySet<string>;
  /** The sample's id, when there shall be one of it however often it is asked for. */
  readonly id?: string;
  readonly onProgress?: (rows: number) => void | Promise<void>;
};

export type SampledAccess = Access & { readonly risk: number; readonly findings: readonly RiskFinding[] };

export type Sample = {
  readonly id: string;
  /** How many accesses there were to draw from, of how many rows. */
  readonly accesses: number;
  readonly rows: number;
  /** The riskiest first. */
  readonly drawn: readonly SampledAccess[];
};

const PAGE = 2000;
const TOGETHER = 1000;

/** Draws a sample, keeps it with its seed and rules, and is a row of the log. Errors: FORBIDDEN. */
export async function drawSample(visit: Visit, ask: SampleAsk): Promise<Disclosed<Sample>> {
  const grounds = await groundsForLog(visit, "search");
  const urn = new Urn(ask);
  const rows = await walk(visit, grounds, ask, urn);
  const drawn = urn.drawn();
  const id = ask.id ?? newId(0, visit.clock().getTime(), visit.random(10));
  await keep(visit, grounds, ask, { id, accesses: urn.seen, rows, drawn });
  return disclose({ id, accesses: urn.seen, rows, drawn });
}

/** Every access of the period with its findings goes by the urn. Answers how many rows there were. */
async function walk(
  visit: Visit,
  grounds: Grounds,
  { period, config, known, onProgress }: SampleAsk,
  urn: Urn,
): Promise<number> {
  const reach = reachSetting(grounds.reach);
  const directory = await visit.store.read(reach, readDirectory);
  const gatherer = new AccessGatherer(config);
  let rows = 0;
  const judge = (look: ReadTx, accesses: readonly Access[]): Promise<void> =>
    inParts(accesses, async (part) => {
      const facts = await factsOf(look, part, { directory, known, config });
      for (const [at, access] of part.entries()) {
        const fact = facts[at];
        if (fact !== undefined) urn.offer(access, judgeAccess(access, fact, config));
      }
    });
  let after: LogRow | "start" = "start";
  for (;;) {
    const ask: LogAsk = { within: [period], after, limit: PAGE, ...ownStaff(visit) };
    const page: readonly LogRow[] = await visit.store.read(reach, async (look) => {
      const found = await look.log(ask);
      for (const row of found) await judge(look, gatherer.add(row));
      if (found.length < PAGE) await judge(look, gatherer.end());
      return found;
    });
    rows += page.length;
    await onProgress?.(rows);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return rows;
    after = last;
  }
}

/** A care provider reviews what its own staff have done. */
function ownStaff(visit: Visit): Pick<LogAsk, "texts"> {
  const provider = ownProvider(visit);
  return provider === null ? {} : { texts: [[memberText("careProviderId", provider)]] };
}

async function inParts<T>(all: readonly T[], work: (part: readonly T[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += TOGETHER) await work(all.slice(at, at + TOGETHER));
}

/** Holds the accesses that are drawn so far. */
class Urn {
  seen = 0;
  private readonly ask: Pick<SampleAsk, "size" | "seed">;
  /** The best chances first. */
  private readonly kept: { readonly chance: number; readonly access: SampledAccess }[] = [];

  constructor(ask: Pick<SampleAsk, "size" | "seed">) {
    this.ask = ask;
  }

  offer(access: Access, findings: readonly RiskFinding[]): void {
    this.seen += 1;
    const risk = findings.reduce((sum, { weight }) => sum + weight, 0);
    const chance = Math.log(chanceOf(this.ask.seed, access.id)) / (1 + risk);
    const last = this.kept.at(-1);
    if (this.kept.length === this.ask.size && last !== undefined && last.chance >= chance) return;
    let [low, high] = [0, this.kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.kept[middle]?.chance ?? 0) >= chance) low = middle + 1;
      else high = middle;
    }
    this.kept.splice(low, 0, { chance, access: { ...access, risk, findings } });
    if (this.kept.length > this.ask.size) this.kept.pop();
  }

  drawn(): SampledAccess[] {
    return this.kept.map(({ access }) => access).toSorted((a, b) => b.risk - a.risk || (a.id < b.id ? -1 : 1));
  }
}

/** A number between 0 and 1 that follows from the seed and the access. */
function chanceOf(seed: string, id: string): number {
  const bytes = createHash("sha256").update(`${seed}\0${id}`).digest();
  return (bytes.readUIntBE(0, 6) + 0.5) / 2 ** 48;
}

async function keep(visit: Visit, grounds: Grounds, ask: SampleAsk, sample: Sample): Promise<void> {
  const { period, size, seed, config } = ask;
  const act = { action: "sample access log", outcome: "granted", ground: groundText(grounds) } as const;
  const now = visit.clock().toISOString();
  const entry = logEntry(visit, act, { home: 0, patient: null, what: [`AuditEvent/$access-log sample ${sample.id}`] });
  await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    const head = {
      id: sample.id,
      seed,
      ...period,
      size,
      accesses: sample.accesses,
      rules: config,
      drawn: now,
      drawnBy: entry.actor,
      careProvider: ownProvider(visit),
    };
    if (await tx.reviews.hasSample(sample.id)) return; // drawn by an earlier attempt
    await tx.reviews.addSample(head, sample.drawn.map(itemOf));
    await recordAccess(tx, visit, [entry]);
  });
}

function itemOf(access: SampledAccess): SampleItem {
  return {
    access: access.id,
    risk: access.risk,
    rules: access.findings.map(({ rule }) => rule),
    careUnit: access.unitId ?? access.unit ?? "",
    month: access.day.slice(0, 7),
    finding: access,
  };
}
