/**
 * Why somebody could not be signed in, as a word that the sign-in page has a Swedish sentence for. What a provider
 * said goes no further than here: it may quote tokens.
 *
 * SPEC HTTP-OIDC
 */

/**
 * `avbruten` they broke it off; `svarar-inte` the provider does not answer; `avvisad` what it said could not be believed;
 * `svag` the authentication was too weak; `ogiltig` nobody was sent away with this state, or too long ago, or from another
 * browser; `okand` the directory does not know them; `inget-uppdrag` no assignment of theirs holds today; `annan-person`
 * somebody else came back than the one who was to prove that they are there.
 */
export type Failure =
  | "avbruten"
  | "svarar-inte"
  | "avvisad"
  | "svag"
  | "ogiltig"
  | "okand"
  | "inget-uppdrag"
  | "annan-person";

export class SignInFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, why: string) {
    super(why);
    this.failure = failure;
  }
}

/** What an error of the library means. What the network did not do has been told by whoever asked it. */
export function failureOf(error: unknown): SignInFailed {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1)
    if (cause instanceof SignInFailed) return cause;
  const { name = "", error: said } = error as { name?: string; error?: unknown };
  if (said === "access_denied" || said === "login_required") return new SignInFailed("avbruten", "access_denied");
  return new SignInFailed("avvisad", name);
}
