/** Source files of the directory for tests: the documented example, and generated ones that are right. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Visit } from "../../journal/index.ts";
import type { JournalOfTest } from "../../journal/testing/index.ts";

const EXAMPLE = new URL("../../../docs/operations/directory.example.json", import.meta.url);

export type FileObject = Record<string, unknown>;
/** A source file as an object that a test can change. */
export type SourceFile = Record<
  "healthCareProvider" | "healthCareUnit" | "role" | "person" | "commission",
  FileObject[]
> &
  FileObject;

export function exampleText(): string {
  return readFileSync(EXAMPLE, "utf8");
}

export function example(): SourceFile {
  return JSON.parse(exampleText()) as SourceFile;
}

/** The members of a file's nth commission, which a test can change. */
export function membersOf(file: SourceFile, n: number): object[] {
  const members = file.commission[n]?.["member"];
  if (!Array.isArray(members)) throw new Error(`commission ${n} has no members`);
  return members as object[];
}

/** The file with counts that are true of it. */
export function counted(file: SourceFile): string {
  const members = file.commission.flatMap(({ member }) => (Array.isArray(member) ? (member as unknown[]) : []));
  const count = {
    healthCareProvider: file.healthCareProvider.length,
    healthCareUnit: file.healthCareUnit.length,
    role: file.role.length,
    person: file.person.length,
    member: members.length,
  };
  return JSON.stringify({ ...file, count });
}

const TYPES = ["Organization", "Location", "Practitioner", "PractitionerRole", "CodeSystem"];

/** The visit of whoever keeps the directory. */
export function keeper(journal: JournalOfTest): Visit {
  return journal.client(
    `${TYPES.map((type) => `system/${type}.crus`).join(" ")} system/Provenance.c system/ProtectedIdentity.crus`,
    null,
  );
}

const day = fc
  .integer({ min: 0, max: 700 })
  .map((n) => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10));
const first = fc.option(fc.constantFrom("2020-01-01", "2024-06-01", "2025-12-31"), { nil: undefined });
const last = fc.option(
  day.filter((one) => one > "2026-02-01"),
  { nil: undefined },
);

const shape = fc.record({
  providers: fc.integer({ min: 1, max: 2 }),
  units: fc.array(fc.record({ under: fc.nat(), isCareUnit: fc.boolean(), name: fc.constantFrom("A", "B"), last }), {
    maxLength: 6,
  }),
  roles: fc.array(
    fc.record({ date: fc.constantFrom("2026-01-01", "2025-05-05"), name: fc.constantFrom("Läkare", "Sköterska") }),
    { minLength: 1, maxLength: 3 },
  ),
  people: fc.array(
    fc.record({
      given: fc.constantFrom("Ada", "Bo", "Cia"),
      isProtected: fc.boolean(),
      title: fc.constantFrom("Läkare", "Chef"),
      number: fc.integer({ min: 1, max: 9 }),
      last,
    }),
    { maxLength: 8 },
  ),
  commissions: fc.array(
    fc.record({
      unit: fc.nat(),
      role: fc.nat(),
      purpose: fc.constantFrom("Vård och behandling", "Statistik"),
      members: fc.array(fc.record({ person: fc.nat(), first, last }), { maxLength: 4 }),
    }),
    { maxLength: 6 },
  ),
});

const id = (kind: string, n: number): string => `TSTNMT2321009999-${kind}${n}`;

/** Whole directories that hold together, over few HSA-ids, so that two of them have much in common. */
export const directories: fc.Arbitrary<SourceFile> = shape.map((given) => {
  const care: number[] = [];
  const owner: number[] = [];
  const healthCareUnit = given.units.map((one, n) => {
    const parent = n === 0 || one.under % 2 === 0 ? undefined : one.under % n;
    owner[n] = parent === undefined ? one.under % given.providers : (owner[parent] ?? 0);
    if (one.isCareUnit) care.push(n);
    return {
      healthCareUnitHsaId: id("E", n),
      healthCareUnitName: `Enhet ${one.name}${n}`,
      healthCareProviderHsaId: id("G", owner[n]),
      ...(parent === undefined ? {} : { parentHsaId: id("E", parent) }),
      unitIsHealthCareUnit: one.isCareUnit,
      ...(one.last === undefined ? {} : { healthCareUnitEndDate: one.last }),
    };
  });
  const people = new Map(given.people.map((one) => [one.number, one]));
  const numbers = [...people.keys()];
  const commission = given.commissions.flatMap((one, n) => {
    const unit = care[one.unit % Math.max(care.length, 1)];
    if (unit === undefined || numbers.length === 0) return [];
    const members = new Map(one.members.map((member) => [numbers[member.person % numbers.length], member]));
    return [
      {
        commissionHsaId: id("U", n),
        commissionName: `Uppdrag ${n}`,
        commissionPurpose: one.purpose,
        healthCareUnitHsaId: id("E", unit),
        roleId: `r${one.role % given.roles.length}`,
        member: [...members].map(([person, member]) => ({
          personHsaId: id("P", person ?? 0),
          ...(member.first === undefined ? {} : { startDate: member.first }),
          ...(member.last === undefined ? {} : { endDate: member.last }),
        })),
      },
    ];
  });
  return {
    format: "eira-directory-1",
    healthCareProvider: Array.from({ length: given.providers }, (_, n) => ({
      healthCareProviderHsaId: id("G", n),
      healthCareProviderName: `Vårdgivare ${n}`,
    })),
    healthCareUnit,
    role: given.roles.map((one, n) => ({
      roleId: `r${n}`,
      roleName: `${one.name} ${n}`,
      analysisId: `A${n}`,
      analysisDate: one.date,
    })),
    person: [...people].map(([number, one]) => ({
      personHsaId: id("P", number),
      givenName: one.given,
      middleAndSurName: `Ek${number}`,
      title: one.title,
      protectedPerson: one.isProtected,
      ...(one.last === undefined ? {} : { personEndDate: one.last }),
    })),
    commission,
  };
});
