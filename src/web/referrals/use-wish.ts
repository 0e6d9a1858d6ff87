/** One thing done with a referral: under one key until it is known to be done, so that a second press is no second step. SPEC WEB-REFERRAL-2 */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { failureOf } from "../wire/call.ts";
import { wishReferral, type ReferralLook, type WishName } from "../wire/referrals.ts";
import { useReferralTexts } from "./use-referral-texts.ts";

export type Said = Readonly<Record<string, string | null>>;

export type UsedWish = {
  readonly isTaking: boolean;
  readonly done: WishName | undefined;
  readonly failure: string | undefined;
  /** Answers whether it was done. */
  readonly take: (look: ReferralLook, name: WishName, said: Said) => Promise<boolean>;
};

export function useWish(loop: string): UsedWish {
  const queries = useQueryClient();
  const { form } = useReferralTexts();
  const [isTaking, setTaking] = useState(false);
  const [done, setDone] = useState<WishName>();
  const [failure, setFailure] = useState<string>();
  const kept = useRef<{ readonly words: string; readonly key: string }>(undefined);
  const take = async (look: ReferralLook, name: WishName, said: Said): Promise<boolean> => {
    const words = JSON.stringify([loop, name, said]);
    const key = kept.current?.words === words ? kept.current.key : crypto.randomUUID();
    kept.current = { words, key };
    setTaking(true);
    setFailure(undefined);
    try {
      await wishReferral(look, name, { ...said, key });
      kept.current = undefined;
      setDone(name);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["loops"] }),
        queries.invalidateQueries({ queryKey: ["patient"] }),
      ]);
      return true;
    } catch (error) {
      const { kind, said: told } = failureOf(error);
      setFailure(kind === "network" ? form.unknown : (told ?? form.unknown));
      return false;
    } finally {
      setTaking(false);
    }
  };
  return { isTaking, done, failure, take };
}
