/** What the server is started with; nothing here is read from the environment. SPEC HTTP-OPTIONS */
import type { KeyObject } from "node:crypto";
import type { LabelPlace } from "../exchange/index.ts";
import type { JournalOptions } from "../journal/index.ts";
import type { IdentityProvider } from "./sign-in/identity-provider.ts";

export type HttpOptions = {
  readonly journal: JournalOptions;
  /** Demonstration staff may sign in without a password. Never outside a demonstration. */
  readonly demo: boolean;
  /** Where people sign in; in a demonstration its own providers when there are none. */
  readonly identityProviders?: readonly IdentityProvider[] | undefined;
  /** Proxies whose word is taken for where a call came from; nobody's without them. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Calls a minute that one person, or one patient at the own door, may make of each process; without it there is no limit. */
  readonly callsAMinute?: number | undefined;
  /** The key (RSA) that signs identity tokens for applications. */
  readonly signingKey?: (() => KeyObject) | undefined;
  /** Where labels are printed; nowhere but by the browser without them. */
  readonly labelPlaces?: readonly LabelPlace[] | undefined;
  /** Folder of the built web application, or nothing when it is not served. */
  readonly webRoot: string | undefined;
  readonly version: string;
  /** Answers what keeps the server from being ready; empty when it is. */
  readonly readiness: () => Promise<readonly string[]>;
};
