/**
 * What is really there after a drill: every version of every resource as the server answers it, the change log as its
 * readers read it, and the lines of the access log that say that something was written.
 *
 * SPEC DRILL-JUDGE
 */
import { START, type AccessLogEntry, type Position, type LogRow, type Store } from "../../store/index.ts";
import type { Found, FoundVersion, Write } from "./ledger.ts";
import { KEY_SYSTEM, type Service } from "./writer.ts";

type Resource = {
  readonly identifier?: readonly { readonly system?: string; readonly value?: string }[];
  readonly valueInteger?: number;
  readonly multipleBirthInteger?: number;
};
type History = {
  readonly entry?: readonly { readonly resource?: Resource; readonly response: { readonly etag: string } }[];
};

const PAGE = 1000;
const AT_ONCE = 6;
const WRITTEN: ReadonlySet<string> = new Set(["create", "update", "delete"]);

/** Looks everywhere: also for what nobody was told of. */
export async function find(service: Service, store: Store, writes: readonly Write[]): Promise<Found> {
  const changes = await allChanges(store);
  const names = new Set(
    [...changes, ...writes.flatMap(({ made }) => made.map(({ name }) => `${name}/0`))].map(withoutVersion),
  );
  const { logged, replayed } = await allLogged(store, names);
  return { versions: await allVersions(service, [...names]), changes, logged, replayed };
}

function withoutVersion(line: string): string {
  return line.slice(0, line.lastIndexOf("/"));
}

async function allChanges(store: Store): Promise<string[]> {
  const lines: string[] = [];
  let position: Position = START;
  for (;;) {
    const page = await store.changes(position, PAGE);
    lines.push(...page.map(({ type, id, version }) => `${type}/${id}/${version}`));
    if (page.length < PAGE) return lines;
    position = page.at(-1) ?? position;
  }
}

async function allLogged(store: Store, names: ReadonlySet<string>): Promise<Pick<Found, "logged" | "replayed">> {
  const logged: string[] = [];
  const replays = new Set<string>();
  for (const name of names) {
    if (!name.startsWith("Patient/")) continue;
    for (const { action, what, request } of await accessesTo(store, name.slice("Patient/".length))) {
      if (WRITTEN.has(action)) logged.push(...what.map((one) => one.replace("/_history/", "/")));
      if (action === "replay") replays.add(request);
    }
  }
  return { logged, replayed: replays.size };
}

async function accessesTo(store: Store, patient: string): Promise<AccessLogEntry[]> {
  const rows: LogRow[] = [];
  for (;;) {
    const before = rows.at(-1);
    const page = await store.read("*", (look) => look.readersOf(patient, before, PAGE));
    rows.push(...page);
    if (page.length < PAGE) return rows.map(({ entry }) => JSON.parse(entry) as AccessLogEntry);
  }
}

async function allVersions(service: Service, names: readonly string[]): Promise<Map<string, FoundVersion>> {
  const found = new Map<string, FoundVersion>();
  const waiting = [...names];
  const worker = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      for (const [version, one] of await versionsOf(service, name)) found.set(`${name}/${version}`, one);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

async function versionsOf({ base, token }: Service, name: string): Promise<[string, FoundVersion][]> {
  const answer = await fetch(`${base}/${name}/_history?_count=${PAGE}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await answer.text();
  if (answer.status === 404) return [];
  if (answer.status !== 200)
    throw new Error(`${name}: the history was answered ${answer.status} ${text.slice(0, 300)}`);
  const { entry = [] } = JSON.parse(text) as History;
  return entry.map(({ resource, response }) => [/\d+/.exec(response.etag)?.[0] ?? "?", foundVersion(resource)]);
}

function foundVersion(resource: Resource | undefined): FoundVersion {
  const marks = resource?.identifier ?? [];
  const key = marks.find(({ system }) => system === KEY_SYSTEM)?.value ?? null;
  return { key, value: resource?.valueInteger ?? resource?.multipleBirthInteger ?? null };
}
