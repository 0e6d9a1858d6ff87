/**
 * The outbox: what must happen after a commit, claimed by one worker at a time under a lease, tried again until it is
 * done, and parked to a person instead of given up.
 *
 * SPEC STORE-OUTBOX · failure modes F1 and F69
 */
import type { Connection } from "./connection.ts";

export type ClaimedMessage = {
  readonly id: string;
  readonly home: number;
  readonly topic: string;
  readonly payload: unknown;
  readonly attempts: number;
};

/** Claims due messages for `worker`, of some topics or of all; nobody else gets them until the lease (seconds) has run out. */
export async function claimMessages(
  connection: Connection,
  worker: string,
  {
    limit,
    leaseSeconds,
    topics,
  }: { readonly limit: number; readonly leaseSeconds: number; readonly topics?: readonly string[] },
): Promise<ClaimedMessage[]> {
  return connection.commitStatement<ClaimedMessage>({
    name: "outbox-claim",
    // MATERIALIZED, so that no plan runs it again for each row: it would take further messages each time.
    text: `WITH next AS MATERIALIZED (SELECT id, home FROM outbox WHERE parked IS NULL AND due <= clock_timestamp() AND ($4::text[] IS NULL OR topic = ANY ($4))
                 AND (lease_until IS NULL OR lease_until < clock_timestamp()) ORDER BY due LIMIT $2 FOR UPDATE SKIP LOCKED)
           UPDATE outbox o SET claimed_by = $1, lease_until = clock_timestamp() + make_interval(secs => $3), attempts = o.attempts + 1
           FROM next WHERE o.id = next.id AND o.home = next.home
           RETURNING o.id, o.home, o.topic, o.payload, o.attempts`,
    values: [worker, limit, leaseSeconds, topics ?? null],
  });
}

/**
 * The message is done. Answers false when the lease was lost in the meantime, to another worker or to a later claim of
 * the same one: a claim is known by its worker and the number of attempts.
 */
export async function finishMessage(connection: Connection, worker: string, message: ClaimedMessage): Promise<boolean> {
  const rows = await connection.commitStatement({
    name: "outbox-finish",
    text: "DELETE FROM outbox WHERE id = $1 AND home = $2 AND claimed_by = $3 AND attempts = $4 RETURNING 1",
    values: [message.id, message.home, worker, message.attempts],
  });
  return rows.length > 0;
}

/** The message failed: it is due again after `delaySeconds`, or parked for a person when `park` is true. */
export async function failMessage(
  connection: Connection,
  worker: string,
  message: ClaimedMessage,
  failure: { readonly error: string; readonly delaySeconds: number; readonly park: boolean },
): Promise<void> {
  await connection.commitStatement({
    name: "outbox-fail",
    text: `UPDATE outbox SET claimed_by = NULL, lease_until = NULL, last_error = $4, due = clock_timestamp() + make_interval(secs => $5),
             parked = CASE WHEN $6 THEN clock_timestamp() END WHERE id = $1 AND home = $2 AND claimed_by = $3 AND attempts = $7`,
    values: [message.id, message.home, worker, failure.error, failure.delaySeconds, failure.park, message.attempts],
  });
}
