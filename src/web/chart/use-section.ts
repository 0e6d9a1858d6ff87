/**
 * A section of the chart as Loaded rows: everything fetched so far, what lies beside it, and whether there is more.
 *
 * SPEC WEB-LOAD · WEB-MORE
 */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { FhirResource } from "fhir/r4";
import { useMemo } from "react";
import type { Loaded } from "../loaded.ts";
import { besideOf, type Beside } from "../say/concepts.ts";
import { failureOf } from "../wire/call.ts";
import {
  overviewQuery,
  readersQuery,
  sectionQuery,
  type Overview,
  type Page,
  type Reading,
  type SectionName,
} from "../wire/chart.ts";
import { missingRoles, rolesQuery } from "../wire/roles.ts";

export type Rows<T> = {
  readonly items: readonly T[];
  readonly beside: Beside;
  /** Older rows exist at the server that are not shown. */
  readonly hasMore: boolean;
  readonly isFetchingMore: boolean;
  readonly fetchMore: () => void;
};
export type Section<T> = {
  readonly loaded: Loaded<Rows<T>>;
  readonly refresh: () => void;
  readonly isRefreshing: boolean;
};

/** The rows of a section; some when there is at least one, else unknown. */
export function useSection(patientId: string, section: SectionName, limit = 100): Section<FhirResource> {
  const query = useInfiniteQuery(sectionQuery(patientId, section, limit));
  return useRows(query);
}

export function useReaders(patientId: string): Section<Reading> {
  const query = useInfiniteQuery(readersQuery(patientId));
  return useRows(query);
}

/** The overview, which the banner and the start screen share. */
export function useOverview(patientId: string): {
  readonly loaded: Loaded<Overview>;
  readonly refresh: () => void;
  readonly isRefreshing: boolean;
} {
  const { data, error, refetch, isFetching } = useQuery(overviewQuery(patientId));
  const loaded = useMemo((): Loaded<Overview> => {
    if (data) return { state: "some", value: data, asOf: data.asOf, stale: error ? failureOf(error) : undefined };
    if (error) return { state: "failed", failure: failureOf(error), retry: () => void refetch() };
    return { state: "loading" };
  }, [data, error, refetch]);
  return { loaded, refresh: () => void refetch(), isRefreshing: isFetching && data !== undefined };
}

type PagedQuery<T> = {
  readonly data: { readonly pages: readonly Page<T>[] } | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
  readonly fetchNextPage: () => unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isRefetching: boolean;
};

function useRows<T>(query: PagedQuery<T>): Section<T> {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const beside = useBeside(useMemo(() => received(data?.pages ?? []), [data]));
  const loaded = useMemo((): Loaded<Rows<T>> => {
    if (!data)
      return error ? { state: "failed", failure: failureOf(error), retry: () => void refetch() } : { state: "loading" };
    const items = data.pages.flatMap((page) => page.items);
    const asOf = data.pages[0]?.asOf ?? "";
    if (items.length === 0 && !hasNextPage) return { state: "unknown", asOf };
    const rows = {
      items,
      beside,
      hasMore: hasNextPage,
      isFetchingMore: isFetchingNextPage,
      fetchMore: () => void fetchNextPage(),
    };
    return { state: "some", value: rows, asOf, stale: error ? failureOf(error) : undefined };
  }, [data, beside, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage]);
  return { loaded, refresh: () => void refetch(), isRefreshing: query.isRefetching };
}

type Received = { readonly resources: readonly FhirResource[]; readonly units: Readonly<Record<string, string>> };

function received(pages: readonly Page<unknown>[]): Received {
  return {
    resources: pages.flatMap((page) => [...page.items.filter(isResource), ...(page.included ?? [])]),
    units: Object.fromEntries(pages.flatMap((page) => Object.entries(page.units ?? {}))),
  };
}

/** What is known beside the rows, with the assignments they refer to fetched when they did not come along. */
export function useBeside({ resources, units }: Received): Beside {
  const own = useMemo(() => besideOf(resources, units), [resources, units]);
  const missing = useMemo(() => missingRoles(resources, own), [resources, own]);
  const roles = useQuery(rolesQuery(missing)).data;
  return useMemo(() => (roles ? besideOf([...resources, ...roles], units) : own), [resources, units, roles, own]);
}

function isResource(item: unknown): item is FhirResource {
  return typeof item === "object" && item !== null && "resourceType" in item;
}

/** Only the resources of the named types, typed. */
export function ofType<T extends FhirResource["resourceType"]>(
  items: readonly FhirResource[],
  ...types: readonly T[]
): readonly Extract<FhirResource, { resourceType: T }>[] {
  const wanted: readonly string[] = types;
  return items.filter((item): item is Extract<FhirResource, { resourceType: T }> => wanted.includes(item.resourceType));
}
