/**
 * Documents against the checkout: links lead somewhere, every dependency is pinned exactly and has a decision record,
 * and ARCHITECTURE.md names every module with its rank. SPEC HOUSE-DOC
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readTable } from "./architecture.ts";
import { filesUnder, root, textOf, type Check } from "./check.ts";

const AT_ROOT = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "GLOSSARY.md", "SECURITY.md", "CHANGELOG.md"];

/** The relative links of a Markdown text that lead to no file. */
export function deadLinks(path: string, text: string, exists: (path: string) => boolean): string[] {
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? "");
  return links
    .filter((target) => !/^[a-z]+:/.test(target) && !exists(join(dirname(path), target)))
    .map((target) => `${path} links to ${target}, which is not there`);
}

/** Dependencies whose version is a range, or that no decision record names. */
export function undocumented(dependencies: Readonly<Record<string, string>>, records: string): string[] {
  return Object.entries(dependencies).flatMap(([name, version]) => [
    ...(/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) ? [] : [`${name} ${version} is not pinned to one version`]),
    ...(records.includes(`\`${name}\``) ? [] : [`${name} has no decision record in docs/decisions`]),
  ]);
}

/** What the lock file says of a package: where it is from, when that is told, and what it must be. */
type Locked = { readonly integrity?: string; readonly resolved?: string };

/** The packages of a lock file that could be another's: without a SHA-512 of their content, or from an address of their own. */
export function unsure(packages: Readonly<Record<string, Locked>>): string[] {
  return Object.entries(packages).flatMap(([path, { integrity = "", resolved }]) => {
    if (path === "") return [];
    return [
      ...(integrity.startsWith("sha512-") ? [] : [`package-lock.json has no SHA-512 for ${path}`]),
      ...(resolved === undefined || resolved.startsWith("https://registry.npmjs.org/")
        ? []
        : [`package-lock.json takes ${path} from elsewhere than the registry`]),
    ];
  });
}

interface Package {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const documents: Check = {
  name: "documents",
  async run() {
    const { dependencies, devDependencies } = JSON.parse(textOf("package.json")) as Package;
    const wanted = { ...dependencies, ...devDependencies };
    const { packages } = JSON.parse(textOf("package-lock.json")) as {
      packages: { "": Package } & Record<string, Locked>;
    };
    const locked = { ...packages[""].dependencies, ...packages[""].devDependencies };
    const records = filesUnder("docs/decisions").filter((path) => path.endsWith(".md"));
    const operations = filesUnder("docs/operations").filter((path) => path.endsWith(".md"));
    const pages = [...AT_ROOT.filter((path) => existsSync(join(root, path))), ...records, ...operations];
    const there = (path: string): boolean => existsSync(join(root, path));
    return {
      findings: [
        ...blindSpots(),
        ...AT_ROOT.filter((path) => !there(path)).map((path) => `${path} is missing`),
        ...pages.flatMap((path) => deadLinks(path, textOf(path), there)),
        ...undocumented(wanted, records.map(textOf).join("\n")),
        ...Object.keys(wanted)
          .filter((name) => wanted[name] !== locked[name])
          .map((name) => `package-lock.json has another ${name}`),
        ...unsure(packages),
        ...modulesNotTold(),
      ],
      seen: `${pages.length} pages, ${Object.keys(wanted).length} dependencies, ${Object.keys(packages).length} packages`,
    };
  },
};

function modulesNotTold(): string[] {
  if (!existsSync(join(root, "ARCHITECTURE.md"))) return [];
  const page = textOf("ARCHITECTURE.md");
  const { modules, planned } = readTable();
  return Object.entries({ ...modules, ...planned })
    .filter(([name, { rank }]) => !page.includes(`| ${rank ?? "b"} | \`${name}\` |`))
    .map(([name, { rank }]) => `ARCHITECTURE.md has no row | ${rank ?? "b"} | \`${name}\` |`);
}

function blindSpots(): string[] {
  const sees =
    deadLinks("docs/a.md", "[x](gone.md#y) [z](https://example.org)", () => false).length === 1 &&
    undocumented({ a: "^1.0.0" }, "").length === 2 &&
    undocumented({ a: "1.0.0" }, "`a`").length === 0 &&
    unsure({ "node_modules/a": { integrity: "sha1-x", resolved: "http://elsewhere.test/a.tgz" } }).length === 2;
  return sees ? [] : ["a planted fault was not caught, or sound text was refused"];
}
