/**
 * A single change as a source file: the same strict shape as a region's own, so that it is read, judged, previewed and
 * applied by the same rules.
 *
 * SPEC WEB-DIRECTORY-2 · docs/operations/directory.md
 */
import type { Duty, FootingKind } from "../wire/directory.ts";

export type DutyForm = {
  readonly person: string;
  readonly unit: string;
  /** The care provider's HSA-id is the server's to know; a commission says its unit alone. */
  readonly role: string;
  readonly purpose: string;
  readonly commission: string;
  readonly name: string;
  readonly rights: Duty["rights"];
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly kind: FootingKind;
  readonly by: string;
  readonly task: string;
};

export type RoleForm = {
  readonly id: string;
  readonly name: string;
  readonly analysisId: string;
  readonly analysisDate: string | undefined;
};

const FORMAT = "eira-directory-1";
const BY = { student: "supervisorHsaId", deputy: "deputyForHsaId", delegation: "delegatedByHsaId" } as const;

export function dutySource(form: DutyForm): string {
  const { kind } = form;
  const member = {
    personHsaId: form.person,
    ...(form.from === undefined ? {} : { startDate: form.from }),
    ...(form.until === undefined ? {} : { endDate: form.until }),
    ...(kind === "ordinary" ? {} : { kind, [BY[kind]]: form.by }),
    ...(kind === "delegation" ? { task: form.task } : {}),
  };
  const commission = {
    commissionHsaId: form.commission,
    commissionName: form.name,
    commissionPurpose: form.purpose,
    healthCareUnitHsaId: form.unit,
    roleId: form.role,
    commissionRight: form.rights,
    member: [member],
  };
  return JSON.stringify({ format: FORMAT, commission: [commission] });
}

export function roleSource({ id, name, analysisId, analysisDate }: RoleForm): string {
  const analysis = {
    ...(analysisId === "" ? {} : { analysisId }),
    ...(analysisDate === undefined ? {} : { analysisDate }),
  };
  return JSON.stringify({ format: FORMAT, role: [{ roleId: id, roleName: name, ...analysis }] });
}

/** What an assignment looks like in the form; one from before there were commissions needs an id and a role first. */
export function formOf(duty: Duty): DutyForm {
  return {
    person: duty.person,
    unit: duty.unit,
    role: duty.commission === null ? "" : duty.role,
    purpose: duty.purpose === "" ? "Vård och behandling" : duty.purpose,
    commission: duty.commission ?? "",
    name: duty.name === "" ? `${duty.roleName} ${duty.unitName}` : duty.name,
    rights: duty.rights,
    from: duty.span.from ?? undefined,
    until: duty.span.until ?? undefined,
    kind: duty.footing.kind,
    by: duty.footing.by ?? "",
    task: duty.footing.task ?? "",
  };
}

export const EMPTY_DUTY: DutyForm = {
  person: "",
  unit: "",
  role: "",
  purpose: "Vård och behandling",
  commission: "",
  name: "",
  rights: [],
  from: undefined,
  until: undefined,
  kind: "ordinary",
  by: "",
  task: "",
};
