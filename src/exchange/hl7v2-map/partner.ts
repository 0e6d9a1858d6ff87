/**
 * Whom messages are exchanged with, and what has been agreed with it: `{"partners": […]}` beside the channels of the configuration. The unit
 * is named by HSA-id and found in the directory when the edge starts. SPEC EXCH-MAP-PARTNER
 */
import { HSA_SYSTEM } from "../../base/index.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import type { Visit } from "../../journal/index.ts";
import { charsetNamed, type Charset } from "../hl7v2/codec/index.ts";
import { feedTermsIn, type FeedTerms } from "./feed/terms.ts";
import { escaped, find } from "./find.ts";
import { objectsIn, referenceIn, textIn } from "./json.ts";

const KINDS = ["laboratory", "radiology", "other"] as const;

/** What the configuration says of a partner. */
export type AgreedPartner = {
  /** Names the integration; what is made from its messages carries it. */
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  /** The unit that answers, and the one that owns what cannot be taken in, by HSA-id. */
  readonly unit: string;
  readonly owner: string;
  /** The channels that it sends by and is sent to by. */
  readonly channels: { readonly in: string | undefined; readonly out: string | undefined };
  /** MSH-3 and MSH-4 of the two ends. */
  readonly theirs: Ends;
  readonly ours: Ends;
  readonly charset: Charset;
  /** How orders are sent: OML^O21 or ORM^O01. */
  readonly orders: "OML" | "ORM";
  /** What it is told of without asking, by its channel out; nothing unless it says so. */
  readonly feed?: FeedTerms;
};

type Ends = { readonly application: string; readonly facility: string };

export type Partner = Omit<AgreedPartner, "owner"> & {
  /** The unit in the directory: `Organization/…`, and its name. */
  readonly organization: { readonly reference: string; readonly display: string };
  /** The unit that owns what cannot be taken in, by HSA-id. */
  readonly owner: { readonly careProvider: string; readonly careUnit: string };
};

/** The partners of a configuration. @throws RangeError with the partner and what of it cannot be used. */
export function partnersIn(configuration: JsonValue): readonly AgreedPartner[] {
  const partners = isJsonObject(configuration) ? (configuration["partners"] ?? []) : [];
  if (!isJsonArray(partners)) throw new RangeError("partners is to be a list");
  const agreed = partners.map((one, at) => agreedIn(one, `partner ${at + 1}`));
  const twice = agreed.find((one, at) => agreed.findIndex(({ name }) => name === one.name) !== at);
  if (twice !== undefined) throw new RangeError(`${twice.name}: the name is there twice`);
  return agreed;
}

function agreedIn(value: JsonValue, called: string): AgreedPartner {
  if (!isJsonObject(value)) throw new RangeError(`${called}: it is to be an object`);
  const name = textIn(value["name"]) ?? called;
  const refuse = (why: string): never => {
    throw new RangeError(`${name}: ${why}`);
  };
  const text = (member: string): string => textIn(value[member]) ?? refuse(`${member} is missing`);
  const choice = <T extends string>(member: string, among: readonly T[]): T =>
    among.find((one) => one === value[member]) ?? refuse(`${member} is to be ${among.join(" or ")}`);
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) refuse("the name is to be of a-z, 0-9 and -");
  return {
    name,
    kind: choice("kind", KINDS),
    unit: text("unit"),
    owner: textIn(value["owner"]) ?? text("unit"),
    channels: { in: textIn(value["in"]), out: textIn(value["out"]) },
    theirs: endsIn(text("theirs")),
    ours: endsIn(text("ours")),
    charset: charsetNamed(textIn(value["charset"]) ?? "utf-8") ?? refuse("the charset is not known"),
    orders: value["orders"] === undefined ? "OML" : choice("orders", ["OML", "ORM"]),
    ...feedOf(value, refuse),
  };
}

function feedOf(value: JsonObject, refuse: (why: string) => never): Pick<AgreedPartner, "feed"> {
  if (value["feed"] === undefined) return {};
  if (textIn(value["out"]) === undefined) refuse("a feed goes by a channel out");
  return { feed: feedTermsIn(value["feed"], textIn(value["unit"]) ?? "", refuse) };
}

/** `LAB|HUS`, as channels write senders. */
function endsIn(text: string): Ends {
  const [application = "", facility = ""] = text.split("|");
  return { application, facility };
}

/** The partner with its unit as the directory has it. @throws RangeError when the directory has no such unit. */
export async function inDirectory(visit: Visit, agreed: AgreedPartner): Promise<Partner> {
  const { owner: _owner, ...rest } = agreed;
  const unit = await unitNamed(visit, agreed.unit);
  const owner = agreed.owner === agreed.unit ? unit : await unitNamed(visit, agreed.owner);
  if (unit === undefined || owner === undefined)
    throw new RangeError(
      `${agreed.name}: the directory has no unit ${unit === undefined ? agreed.unit : agreed.owner}`,
    );
  const { careProvider } = owner;
  return {
    ...rest,
    organization: { reference: unit.reference, display: unit.name },
    owner: { careProvider, careUnit: agreed.owner },
  };
}

export type DirectoryUnit = { readonly reference: string; readonly name: string; readonly careProvider: string };

const MOST_LEVELS = 8;

/** A unit of the directory by HSA-id, with the care provider that it is part of. */
export async function unitNamed(visit: Visit, hsaId: string): Promise<DirectoryUnit | undefined> {
  const found = await find(visit, "Organization", [["identifier", `${escaped(HSA_SYSTEM)}|${escaped(hsaId)}`]]);
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) return undefined;
  const [reference, unit] = first;
  let above: JsonObject = unit;
  for (let level = 0; level < MOST_LEVELS; level += 1) {
    const parent = referenceIn(above["partOf"]);
    if (parent === undefined) break;
    above = (await find(visit, "Organization", [["_id", parent.replace("Organization/", "")]])).get(parent) ?? {};
  }
  return { reference, name: textIn(unit["name"]) ?? hsaId, careProvider: hsaIdOf(above) ?? hsaId };
}

/** The HSA-id of a unit or a person. */
export function hsaIdOf(resource: JsonObject): string | undefined {
  return textIn(objectsIn(resource["identifier"]).find(({ system }) => system === HSA_SYSTEM)?.["value"]);
}
