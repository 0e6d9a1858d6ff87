/**
 * A route is declared with the rule that opens it, or it cannot be registered. Everything that answers on the network is
 * in one list, which tests and the CapabilityStatement read.
 *
 * SPEC HTTP-ROUTE
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Visit } from "../journal/index.ts";
import type { HttpOptions } from "./options.ts";
import type { Sessions } from "./session.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * Who may call a route: anyone, a signed-in person of the staff, any person or system that the journal then decides about, or somebody
 * at the patient's own door, whom no other route lets in.
 */
export type Rule = "public" | "person" | "actor" | "patient";

/** One request on its way: what came, how to answer, and the visit in whose name the journal is asked. */
export type Exchange<R extends Rule = Rule> = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly options: HttpOptions;
  readonly sessions: Sessions;
  readonly visit: R extends "public" ? undefined : Visit;
};

export type OperationName = { readonly type: string | undefined; readonly name: string; readonly definition: string };

export type Route<R extends Rule = Rule> = {
  readonly method: Method;
  readonly path: string;
  readonly rule: R;
  /** FHIR's code for the interaction, when it is one; the CapabilityStatement is made from these. */
  readonly interaction?: string;
  /** The operation that it is, for the CapabilityStatement; without a type it is one of the whole system. */
  readonly operation?: OperationName;
  /** The body is handed on as it comes, and is the route's own to bound. */
  readonly streams?: boolean;
  readonly run: (exchange: Exchange<R>) => Promise<unknown>;
};

/** Declares a route; the rule decides whether a visit is there. */
export function route<R extends Rule>(one: Route<R>): Route {
  return one;
}

/** A parameter of the path. */
export function pathParameter(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}
