/**
 * A round that is gone again and again: at once while there is something to do, otherwise after a wait that costs one
 * statement. A round that fails is told and comes again later and later; it never ends the process.
 *
 * SPEC JOBS-LOOP
 */
import { randomUUID } from "node:crypto";
import type { Store } from "../store/index.ts";

/**
 * One round; answers whether there is more to do at once. It gives up when the signal says so. `end` lets go of what is
 * held between rounds, when there will be no more of them.
 */
export type Round = ((signal: AbortSignal) => Promise<boolean>) & { readonly end?: () => Promise<void> };

export type LoopOptions = {
  readonly round: Round;
  /** Milliseconds between rounds when there is nothing to do. */
  readonly every: number;
  readonly onFault: (error: unknown) => void;
};

export type Loop = {
  /** Lets the next round come now. */
  readonly wake: () => void;
  /** Ends the loop and waits for the round that is on. */
  readonly stop: () => Promise<void>;
};

const LONGEST_WAIT_MS = 60_000;

/** Starts going round. */
export function startLoop({ round, every, onFault }: LoopOptions): Loop {
  const stopping = new AbortController();
  let faults = 0;
  let isAwake = false;
  let wakeUp = (): void => undefined;

  const rest = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      timer.unref();
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      if (isAwake || stopping.signal.aborted) wakeUp();
    });
  const once = async (): Promise<number> => {
    try {
      const isMore = await round(stopping.signal);
      faults = 0;
      return isMore ? 0 : every;
    } catch (error) {
      faults += 1;
      if (!stopping.signal.aborted) onFault(error);
      return Math.min(every * 2 ** Math.min(faults, 10), Math.max(every, LONGEST_WAIT_MS));
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      isAwake = false;
      await rest(await once());
    }
  };

  const running = run();
  return {
    wake: () => {
      isAwake = true;
      wakeUp();
    },
    stop: async () => {
      stopping.abort();
      wakeUp();
      await running;
      await round.end?.().catch(onFault); // what is not let go of runs out
    },
  };
}

export type LeaseOptions = {
  readonly store: Store;
  /** What only one server does at a time. */
  readonly name: string;
  readonly leaseSeconds: number;
};

/**
 * A round that one server at a time goes, whatever the number of servers. The lease is renewed while a round lasts; when
 * it is lost, the round is told by its signal.
 */
export function underLease({ store, name, leaseSeconds }: LeaseOptions, round: Round): Round {
  const holder = randomUUID();
  const renew = (): Promise<boolean> => store.jobs.lease(name, holder, leaseSeconds);
  const held = async (signal: AbortSignal): Promise<boolean> =>
    (await renew()) && whileRenewed({ renew, leaseSeconds, signal }, round);
  return Object.assign(held, { end: () => store.jobs.endLease(name, holder) });
}

/** Does work under a lease that is renewed meanwhile; its signal tells that the lease was lost or that all is to stop. */
export async function whileRenewed<T>(
  lease: { readonly renew: () => Promise<boolean>; readonly leaseSeconds: number; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  let until = performance.now() + lease.leaseSeconds * 1000;
  const timer = setInterval(
    () => {
      const asked = performance.now();
      lease.renew().then(
        (isHeld) => {
          if (isHeld) until = asked + lease.leaseSeconds * 1000;
          else lost.abort();
        },
        () => {
          if (performance.now() > until) lost.abort(); // until then the next attempt may succeed
        },
      );
    },
    (lease.leaseSeconds * 1000) / 3,
  );
  timer.unref();
  try {
    return await work(AbortSignal.any([lease.signal, lost.signal]));
  } finally {
    clearInterval(timer);
  }
}
