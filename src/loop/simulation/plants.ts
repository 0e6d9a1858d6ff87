/**
 * One fault for each safeguard, put in on purpose: the simulation has to find every one of them, or it sees nothing. A plant exchanges a
 * function or what it is handed; the code that is tried has no branch for it. SPEC LOOP-SIM-3
 */
import type { keepLedger } from "../ledger.ts";
import type { KeptStep } from "../ledger-tx.ts";
import type { Intent } from "../intents.ts";
import { Registry } from "../routing.ts";
import type { Transaction } from "./database.ts";
import type { World } from "./world.ts";

export type Plant = { readonly name: string; readonly takesAway: string; readonly put: (world: World) => void };

const SECOND = 1000;

export const PLANTS: readonly Plant[] = [
  { name: "outbox-after-commit", takesAway: "the message leaves by the commit that makes it", put: outboxAfterCommit },
  { name: "commit-in-two", takesAway: "a resource and its loop stand in one commit", put: commitInTwo },
  { name: "ack-before-persist", takesAway: "what is acknowledged is durable", put: ackBeforePersist },
  { name: "same-order-is-duplicate", takesAway: "only the same content is a duplicate", put: sameOrderIsDuplicate },
  { name: "key-not-remembered", takesAway: "the same key is done once", put: keyNotRemembered },
  { name: "new-key-on-retry", takesAway: "who tries again says that it is again", put: newKeyOnRetry },
  {
    name: "version-not-checked",
    takesAway: "who was overtaken begins again",
    put: ({ database }) => void (database.isVersionChecked = false),
  },
  {
    name: "lease-not-checked",
    takesAway: "only who has the claim settles",
    put: ({ database }) => void (database.outbox.holds = () => true),
  },
  { name: "claim-removes", takesAway: "a message waits until it is acknowledged", put: claimRemoves },
  { name: "refused-is-delivered", takesAway: "a refusal comes back to the sender", put: refusedIsDelivered },
  { name: "gives-up-quietly", takesAway: "what is not delivered is tried for ever", put: givesUpQuietly },
  { name: "unmatched-dropped", takesAway: "what cannot be filed is set aside", put: unmatchedDropped },
  { name: "parked-without-owner", takesAway: "what is set aside has an owner", put: parkedWithoutOwner },
  { name: "poison-tried-again", takesAway: "what cannot be read stops nobody", put: poisonTriedAgain },
  {
    name: "number-not-compared",
    takesAway: "an answer is matched by order and number",
    put: ({ edges }) => void (edges.isNumberOf = () => true),
  },
  {
    name: "queue-without-alarm",
    takesAway: "a queue that stands still is told",
    put: ({ parts }) => void (parts.alarm = () => Promise.resolve()),
  },
  { name: "escalation-gives-up", takesAway: "what stands still goes on, however often", put: escalationGivesUp },
  { name: "escalates-one-at-a-time", takesAway: "all that is overdue goes on at once", put: escalatesOne },
  { name: "critical-asks-nobody", takesAway: "what is life-threatening asks those on duty", put: criticalAsksNobody },
  {
    name: "absent-kept",
    takesAway: "who is away answers for nothing",
    put: ({ parts }) => void (parts.relieve = () => 0),
  },
  {
    name: "restaff-forgotten",
    takesAway: "a list that has nobody has no loops",
    put: ({ parts }) => void (parts.restaff = () => 0),
  },
  { name: "merged-not-followed", takesAway: "a unit that became another is asked there", put: mergedNotFollowed },
  {
    name: "clock-moves-time-back",
    takesAway: "a clock that is set back moves no time of a loop",
    put: clockMovesTimeBack,
  },
  {
    name: "correction-not-told",
    takesAway: "a corrected answer is unread again",
    put: (world) => withoutIntents(world, ({ events }) => events.includes("correct")),
  },
  {
    name: "fallen-booking-unseen",
    takesAway: "a booking that falls opens the call",
    put: (world) => withoutIntents(world, ({ events }) => events.includes("unbook")),
  },
  {
    name: "cancel-without-follow-up",
    takesAway: "what is taken back leaves somebody who sees to the patient",
    put: cancelWithoutFollowUp,
  },
  {
    name: "accepted-without-call",
    takesAway: "an accepted referral opens the call of the patient",
    put: acceptedWithoutCall,
  },
  {
    name: "answer-leaves-question-open",
    takesAway: "an answer ends its question in the same commit",
    put: (world) => withoutIntents(world, ({ events }) => events.includes("answer")),
  },
];

/** Changes every transaction of a world. */
function eachTransaction(world: World, change: (tx: Transaction) => Partial<Transaction>): void {
  const begin = world.database.begin.bind(world.database);
  world.database.begin = (program) => {
    const tx = begin(program);
    return Object.assign(tx, change(tx));
  };
}

function outboxAfterCommit(world: World): void {
  eachTransaction(world, (tx) => {
    const later: Parameters<Transaction["send"]>[0][] = [];
    const commit = tx.commit.bind(tx);
    return {
      send: (message) => {
        later.push(message);
        return Promise.resolve();
      },
      commit: async () => {
        await commit();
        for (const message of later) await tx.program.step(() => tx.database.outbox.add(message));
      },
    };
  });
}

function commitInTwo(world: World): void {
  eachTransaction(world, (tx) => {
    const steps: KeptStep[] = [];
    const write = tx.write.bind(tx);
    const commit = tx.commit.bind(tx);
    return {
      write: (more) => {
        steps.push(...more);
        return Promise.resolve();
      },
      commit: async () => {
        await commit();
        if (steps.length === 0) return;
        await write(steps);
        await commit();
      },
    };
  });
}

function ackBeforePersist({ parts }: World): void {
  const { takeIn } = parts;
  parts.takeIn = (edges, program, message) => {
    program.spawn(async () => {
      await program.sleep(SECOND);
      await takeIn(edges, program, message).catch(() => undefined);
    });
    return Promise.resolve();
  };
}

function sameOrderIsDuplicate({ parts }: World): void {
  const { takeIn } = parts;
  const known = new Set<string>();
  parts.takeIn = async (edges, program, message) => {
    const name = `${message.source} ${message.order} ${message.kind}`;
    if (known.has(name)) return;
    await takeIn(edges, program, message);
    known.add(name);
  };
}

function keyNotRemembered({ database }: World): void {
  database.remembered = new (class extends Set<string> {
    override has(): boolean {
      return false;
    }
  })();
}

function newKeyOnRetry(world: World): void {
  const { journal } = world;
  const commit = journal.commit.bind(journal);
  let tries = 0;
  journal.commit = (program, wish) =>
    commit(program, { ...wish, key: wish.key === null ? null : `${wish.key} ${(tries += 1)}` });
}

function claimRemoves({ database }: World): void {
  const { outbox } = database;
  const claim = outbox.claim.bind(outbox);
  outbox.claim = (channel, worker, leaseMs) => {
    const row = claim(channel, worker, leaseMs);
    if (row !== undefined) outbox.remove(row);
    return row;
  };
  outbox.holds = () => true;
  outbox.onIntrusion = () => undefined;
}

function refusedIsDelivered({ parts }: World): void {
  const { settle } = parts;
  parts.settle = (edges, program, { row, reply }) =>
    settle(edges, program, { row, reply: reply === "refused" ? "accepted" : reply });
}

function givesUpQuietly({ parts }: World): void {
  const { settle } = parts;
  parts.settle = async (edges, program, told) => {
    if (told.reply !== "silent" || told.row.attempts < 2) return settle(edges, program, told);
    await program.step(() => edges.database.outbox.holds(told.row) && edges.database.outbox.remove(told.row));
  };
}

function unmatchedDropped({ parts }: World): void {
  parts.park = async (edges, program, row) => {
    await program.step(() => {
      edges.database.inbox.end(row, "done");
      edges.database.onCommitted();
    });
  };
}

function parkedWithoutOwner({ parts }: World): void {
  parts.park = async (edges, program, row) => {
    await program.step(() => {
      edges.database.inbox.end(row, "parked");
      edges.database.onCommitted();
    });
  };
}

function poisonTriedAgain({ parts }: World): void {
  const { park } = parts;
  parts.park = (edges, program, row) =>
    row.isPoison ? program.step(() => edges.database.inbox.later(row, SECOND)) : park(edges, program, row);
}

function escalationGivesUp({ database }: World): void {
  const overdue = database.overdue.bind(database);
  database.overdue = (at, limit) => overdue(at, limit).filter(({ level }) => level < 1);
}

function escalatesOne({ database }: World): void {
  const overdue = database.overdue.bind(database);
  database.overdue = (at) => overdue(at, 1);
}

function criticalAsksNobody(world: World): void {
  eachTransaction(world, (tx) => {
    const roster = tx.roster.bind(tx);
    return { roster: async (people, lists, at) => ({ ...(await roster(people, lists, at)), onDuty: () => [] }) };
  });
}

function mergedNotFollowed(world: World): void {
  eachTransaction(world, (tx) => {
    const registry = tx.registry.bind(tx);
    return {
      registry: async (lists) =>
        new Registry([...(await registry(lists)).all()].map((list) => ({ ...list, mergedInto: null }))),
    };
  });
}

function clockMovesTimeBack(world: World): void {
  eachTransaction(world, (tx) => {
    const write = tx.write.bind(tx);
    return { write: (steps) => write(steps.map((step) => ({ ...step, after: { ...step.after, since: step.at } }))) };
  });
}

/** The ledger is not told of some of what happens. */
function withoutIntents({ journal }: World, isLeftOut: (intent: Extract<Intent, { do: "event" }>) => boolean): void {
  changedIntents(journal, (intents) => intents.filter((intent) => intent.do === "open" || !isLeftOut(intent)));
}

function cancelWithoutFollowUp({ journal }: World): void {
  changedIntents(journal, (intents) =>
    intents.map((intent) => (intent.do === "event" ? { ...intent, leaves: null } : intent)),
  );
}

function changedIntents(
  journal: { keep: typeof keepLedger },
  change: (intents: readonly Intent[]) => readonly Intent[],
): void {
  const { keep } = journal;
  journal.keep = (tx, writer, matters) =>
    keep(
      tx,
      writer,
      matters.map((matter) => ({ ...matter, intents: change(matter.intents) })),
    );
}

function acceptedWithoutCall(world: World): void {
  eachTransaction(world, (tx) => {
    const write = tx.write.bind(tx);
    return { write: (steps) => write(steps.filter(({ after }) => after.kind !== "call")) };
  });
}
