/// <reference types="node" />
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import { theme } from "./theme.ts";

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");
const blocks = new Map(
  [...css.matchAll(/(:root[^{]*)\{([^}]*)\}/g)].map(([, selector, body]) => [
    selector?.trim() ?? "",
    variablesIn(body ?? ""),
  ]),
);
const SCHEMES = ["light", "dark"] as const;

/** Text on the surface it stands on: 4.5:1. Marks, borders of fields and lines of graphs: 3:1. */
const TEXT_PAIRS = [
  ["text", "page"],
  ["text", "surface"],
  ["text", "raised"],
  ["text", "sunk"],
  ["text", "accent-soft"],
  ["dim", "page"],
  ["dim", "surface"],
  ["dim", "raised"],
  ["dim", "sunk"],
  ["accent", "page"],
  ["accent", "surface"],
  ["accent", "raised"],
  ["accent-text", "accent-soft"],
  ["on-bar", "bar"],
  ["on-bar-dim", "bar"],
  ["alarm", "surface"],
  ["alarm", "alarm-soft"],
  ["surface", "alarm"],
  ["text", "alarm-soft"],
  ["alarm", "accent-soft"],
  ["warn", "page"],
  ["warn", "warn-soft"],
  ["calm", "calm-soft"],
  ["note", "note-soft"],
  ["note", "surface"],
  ["text", "mark"],
] as const;
const MARK_PAIRS = [
  ["edge", "surface"],
  ["edge", "page"],
  ["accent", "band"],
  ["alarm", "band"],
  ["series-2", "surface"],
  ["bar-edge", "bar"],
] as const;

test("WEB-THEME-1 every variable that the theme changes stands in tokens.css, since nothing is put in at run time", () => {
  const own = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme));
  const usual: Readonly<Record<string, string>> = defaultCssVariablesResolver(DEFAULT_THEME).variables;
  const changed = Object.entries(own.variables).filter(([name, value]) => usual[name] !== value);
  assert.ok(changed.length > 20);
  for (const [name, value] of changed) {
    const written = blocks.get(":root")?.get(name);
    assert.ok(written !== undefined, `${name}: ${value}`);
    if (value.startsWith("#")) assert.equal(written, value, name);
  }
  for (const scheme of SCHEMES) {
    const named = Object.keys(own[scheme]).filter((name) => name.includes("petrol"));
    for (const name of named) assert.ok(variableOf(scheme, name) !== undefined, `${scheme} ${name}`);
  }
});

test("WEB-THEME-2 both colour schemes have the same variables, and every pair of colours in use has the contrast WCAG asks", () => {
  assert.ok(namesOf("dark").length > 30);
  const shared = new Set(["--mantine-color-petrol-contrast"]);
  assert.deepEqual(
    namesOf("light").filter((name) => !shared.has(name)),
    namesOf("dark"),
  );
  for (const scheme of SCHEMES) {
    for (const [front, back] of TEXT_PAIRS) assertContrast(scheme, front, back, 4.5);
    for (const [front, back] of MARK_PAIRS) assertContrast(scheme, front, back, 3);
  }
  assert.throws(() => assertContrast("light", "line", "surface", 3), "a planted faint pair is caught");
});

function assertContrast(scheme: (typeof SCHEMES)[number], front: string, back: string, least: number): void {
  const [a, b] = [front, back].map((name) => luminance(variableOf(scheme, `--eira-${name}`) ?? "")) as [number, number];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  assert.ok(ratio >= least, `${scheme}: ${front} on ${back} is ${ratio.toFixed(2)}:1, needs ${least}:1`);
}

function luminance(hex: string): number {
  assert.match(hex, /^#[0-9a-f]{6}$/);
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function namesOf(scheme: string): readonly string[] {
  return [...(blocks.get(selectorOf(scheme))?.keys() ?? [])].toSorted();
}

/** Light is every scheme's ground (and what is printed); dark lies over it on screens. */
function selectorOf(scheme: string): string {
  return scheme === "light" ? ":root[data-mantine-color-scheme]" : ':root[data-mantine-color-scheme="dark"]';
}

function variableOf(scheme: string, name: string): string | undefined {
  return (
    blocks.get(selectorOf(scheme))?.get(name) ??
    blocks.get(selectorOf("light"))?.get(name) ??
    blocks.get(":root")?.get(name)
  );
}

function variablesIn(body: string): ReadonlyMap<string, string> {
  return new Map(
    [...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name ?? "", value?.trim() ?? ""]),
  );
}
