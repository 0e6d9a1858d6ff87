/**
 * How each command is called: what `--help` tells, what a command says that was not understood, and which options there are. An option that
 * stands here nowhere is refused, so that a misspelt one starts nothing.
 *
 * SPEC CLI-RUN-3, CLI-RUN-4
 */
import { REVIEW_OUTCOMES } from "../journal/index.ts";
import { IMPORT_KINDS } from "../terminology/index.ts";

/** One line for each way of calling, and a sentence about it. */
type Way = readonly [line: string, about: string];

const WAYS: readonly Way[] = [
  ["serve", "starts the server; its settings are environment variables (docs/operations/configuration.md)"],
  ["migrate", "brings the database to this build's schema"],
  ["import FILE [--care-provider ID --care-unit ID]", "takes in bundles (.json, .ndjson, .ndjson.gz) or definitions (a folder or .tgz)"], // prettier-ignore
  ["export FOLDER [--type TYPE,TYPE]", "writes every current resource, one file for each type"],
  ["destroy propose --decision NUMBER --authority NAME --decided DATE (--patient ID | --records Type/id,…) --by HSA-ID", "records what an authority has decided is to be destroyed"], // prettier-ignore
  ["destroy approve --id ID --by HSA-ID", "the second person's word"],
  ["destroy run --id ID [--rewrite]", "destroys it; with --rewrite the tables' files are written anew"],
  ["destroy list", "tells every decision and who stood behind it"],
  ["token --client NAME --scope 'system/*.cruds' [--care-provider ID --care-unit ID] [--days N]", "prints a bearer token of a machine client, and nothing else"], // prettier-ignore
  ["token --revoke NAME", "withdraws all tokens of a client"],
  ["client add --name NAME --jwks FILE --scope 'system/*.rs' [--care-provider ID --care-unit ID] [--introspect]", "registers a system with a key of its own"], // prettier-ignore
  ["client app --id ID --name NAME --redirect ADDRESS[,ADDRESS] --scope SCOPES [--launch ADDRESS] [--jwks FILE]", "registers an application that people use"], // prettier-ignore
  ["client keys --name NAME --jwks FILE", "puts other keys in place of a client's"],
  ["client list", "tells who is registered"],
  ["client remove --name NAME", "takes a client away with its tokens"],
  ["session list --person HSA-ID", "tells where a person is signed in"],
  ["session end --person HSA-ID", "ends all of it"],
  ["simulate [--loops N] [--seed S] [--world N] [--processes N] [--keep FILE]", "worlds against the ledger's own code; with --keep a run that was stopped goes on"], // prettier-ignore
  ["simulate --plants|--plant NAME [--loops N] [--seed S] [--markdown FILE]", "puts each planted fault in, which must be found"], // prettier-ignore
  ["simulate --calendar [--days N] [--seed S]", "a year of a unit's rosters"],
  ["simulator laboratory|radiology --port PORT --to HOST:PORT [--host HOST] [--seed TEXT] [--delay-ms N] [--scenario NAME] [--faults duplicate=0.1,lostAck=0.2] [--until-input-ends]", "takes orders over MLLP and answers them with made-up values"], // prettier-ignore
  ["audit verify [--anchor FILE]", "proves that the access log is whole"],
  ["audit anchor", "prints the heads of its chains, to be kept elsewhere"],
  ["audit seals", "proves that what was signed still stands"],
  ["audit export --format storelog --from DATE --to DATE [--patient ID | --provider HSA-ID] [--system HSA-ID] --out FILE", "a period of the access log for the national log service"], // prettier-ignore
  ["audit extract --patient ID [--from DATE] [--to DATE] [--format csv|json|riv] --out FILE", "what a patient gets to know"], // prettier-ignore
  ["audit sample --from DATE --to DATE --size N --seed TEXT [--rules FILE] [--known FILE] --out FILE", "a sample for review: JSON, one access a line"], // prettier-ignore
  [`audit review --access ID --outcome ${REVIEW_OUTCOMES.join("|")} --reviewer HSA-ID --note TEXT`, "records what came of a sampled access"], // prettier-ignore
  ["audit statistics --from YYYY-MM --to YYYY-MM [--format csv|json] --out FILE", "sampled accesses by month, unit, rule and outcome"], // prettier-ignore
  ["bench [--seconds N] [--rounds N] [--workers N] [--seed N] [--disk N] [--growth N] [--cold] [--json FILE]", "Eira beside bare SQL in one run"], // prettier-ignore
  [
    "bench --access [--seconds N] [--rounds N] [--seed N] [--cold] [--json FILE]",
    "what access control and its log cost",
  ],
  ["bench --hl7 [--messages N] [--earlier N] [--lanes N] [--json FILE]", "how many results a laboratory can send"],
  [`terminology import ${IMPORT_KINDS.join("|")} FILE… --version VERSION [--url URL] [--language TAG] [--encoding utf8|latin1]`, "takes in a code system from its publisher's files"], // prettier-ignore
  ["terminology list", "tells what was taken in"],
  ["backup FOLDER", "everything that the database holds, as of one moment"],
  ["restore FOLDER [--destroyed FILE]", "brings it back, and destroys again what was destroyed since"],
  ["doctor", "looks at this installation and changes nothing"],
  ["drill kill [--rounds N] [--seed N] [--only server|database|server+database|database+server]", "kills an installation of its own under load and counts what is left"], // prettier-ignore
  ["drill hl7 [--rounds N] [--seed N]", "the same while systems send over MLLP"],
  ["drill loops [--loops N] [--kills K] [--seed S]", "the same while people order and a laboratory answers"],
  ["drill backup [--rounds N] [--seed N]", "backs up under load, destroys the installation and restores it"],
  ["fuzz http [--requests N] [--seed S] [--workers N]", "malformed requests at a server of its own"],
  ["fuzz access [--requests N] [--seed S]", "access decisions beside an independent reference"],
  ["fuzz words [--texts N] [--seed S] [--plant CHANNEL|all] [--chromium PATH]", "texts through every format, screen, print and PDF"], // prettier-ignore
  ["directory preview FILE [--complete] [--most-ended N] [--json]", "tells what a source file would change, and writes nothing"], // prettier-ignore
  ["directory apply FILE --confirm TOKEN [--complete] [--most-ended N] [--by NAME]", "makes it so, if it is what was previewed"], // prettier-ignore
  ["directory review [--older-than MONTHS] [--units N]", "what is to be looked at regularly"],
  ["subscriptions list", "how the subscriptions stand"],
  [
    "subscriptions park|unpark --id X [--line Patient/Y]",
    "sets a subscription or a line of it aside, or lets it go on",
  ],
  ["subscriptions replay --id X --from N", "sends event N and all later ones again"],
  ["hl7 list", "how the channels stand"],
  ["hl7 replay --channel X --from N [--until N]", "has a stretch worked on or sent again"],
  ["hl7 again --channel X [--position N]", "sends at once what waits"],
  ["hl7 aside --channel X --position N --by NAME", "a parked message is seen to in another way"],
  ["hl7 hold --channel X --why TEXT", "stops a channel"],
  ["hl7 release --channel X", "lets it go on"],
  ["hl7 compare --channel X --list FILE", "holds the receiver's control ids against what was delivered"],
  ["hl7 usual --channel X", "how long its answers usually are is learnt anew"],
  ["hl7 tell --channel X --since TIME", "its feed tells of what was written from then on and has not been told"],
];

/** What the drills try themselves with, and no person needs. */
const UNTOLD: Readonly<Record<string, readonly string[]>> = {
  drill: ["--control"],
  simulate: ["--part"],
};

function waysOf(words: string): readonly Way[] {
  return WAYS.filter(([line]) => line === words || line.startsWith(`${words} `));
}

/** For whoever called it wrongly: how a command is called, or one verb of it. */
export function usageOf(words: string): string {
  return `Usage: ${waysOf(words)
    .map(([line]) => line)
    .join("\n       ")}`;
}

/** For whoever asks for help: how a command is called and what it does. Empty of a command that no person calls. */
export function helpOf(command: string): string {
  return waysOf(command)
    .map(([line, about]) => `eira ${line}\n    ${about}`)
    .join("\n");
}

/**
 * The first option that a command, or the verb that is asked of it, does not have, in words. Nothing when all are known, and when command or
 * verb are not: that is said by whoever was asked.
 */
export function unknownOption([command = "", ...words]: readonly string[]): string | undefined {
  const ways = waysOf(command);
  const ofVerb = ways.filter(([line]) => verbsIn(line).includes(words[0] ?? ""));
  const meant = ofVerb.length > 0 ? ofVerb : ways.filter(([line]) => verbsIn(line).length === 0);
  if (meant.length === 0) return undefined;
  const known = new Set(meant.flatMap(([line]) => line.match(/--[a-z][a-z0-9-]*/g) ?? []));
  const wrong = words.find(
    (word) => word.startsWith("--") && !known.has(word) && UNTOLD[command]?.includes(word) !== true,
  );
  if (wrong === undefined) return undefined;
  const those = known.size === 0 ? "It has none." : `There are ${[...known].toSorted().join(", ")}.`;
  return `${[command, ...(ofVerb.length > 0 ? words.slice(0, 1) : [])].join(" ")} has no option ${wrong}. ${those}`;
}

/** The words after the command that choose what it does: `park|unpark`. */
function verbsIn(line: string): readonly string[] {
  const [, word = ""] = line.split(" ");
  return /^[a-z]/.test(word) ? word.split("|") : [];
}
