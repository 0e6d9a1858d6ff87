/** A life-threatening answer: until when somebody must have acted, who has been asked, who is next. SPEC WEB-CRITICAL · HTTP-CRITICAL */
import { queryOptions } from "@tanstack/react-query";
import { get, post } from "./call.ts";

export type Asked = { readonly owner: string | null; readonly responsible: string | null; readonly at: string };
export type Critical = {
  readonly asOf: string;
  readonly since: string;
  readonly mustBy: string;
  readonly asked: readonly Asked[];
  readonly next: Asked;
  readonly names: Readonly<Record<string, string>>;
};

export function criticalQuery(loop: string, version: number) {
  return queryOptions({
    queryKey: ["patient", "critical", loop, version],
    queryFn: ({ signal }) => get<Critical>(`/api/loops/${encodeURIComponent(loop)}/critical`, signal),
  });
}

export type Told = {
  readonly seen: number;
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly readBack: boolean;
};

export function tellCritical(loop: string, told: Told): Promise<void> {
  return post(`/api/loops/${encodeURIComponent(loop)}/told`, told);
}
