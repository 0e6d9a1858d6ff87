/**
 * Counts what a task costs its user: keys (a chord is two), clicks, and the seconds of the keystroke-level model.
 * Operators in seconds as in the task budgets: K key, M think, H home, P point, B press, S scan, R wait.
 */
import type { Page } from "playwright-core";

const K = 0.28;
const SECONDS = { M: 1.35, S: 1.5, R: 0.2, P: 1.1, B: 0.2 };

export type Effort = {
  readonly keys: () => number;
  readonly clicks: () => number;
  /** A key is held for so long before it is let go. */
  readonly press: (key: string, heldMs?: number) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  readonly click: (selector: string) => Promise<void>;
  /** Seconds: the keys pressed and the given mental and waiting operators. */
  readonly seconds: (...operators: readonly (keyof typeof SECONDS)[]) => number;
};

/** Starts counting on a page. */
export function effortOn(page: Page): Effort {
  let keys = 0;
  let clicks = 0;
  return {
    keys: () => keys,
    clicks: () => clicks,
    press: async (key, heldMs = 0) => {
      keys += key.split("+").length;
      await page.keyboard.press(key, { delay: heldMs });
    },
    type: async (text) => {
      keys += text.length;
      await page.keyboard.type(text);
    },
    click: async (selector) => {
      clicks += 1;
      await page.locator(selector).first().click();
    },
    seconds: (...operators) =>
      keys * K + clicks * (SECONDS.P + SECONDS.B) + operators.reduce((sum, one) => sum + SECONDS[one], 0),
  };
}
