/** `eira drill kill|hl7|backup --rounds N --seed S`, `eira drill loops --loops N --kills K --seed S`: proves, on a real server, what is promised about faults. SPEC DRILL */
import type { Command } from "../command.ts";
import { drillBackup } from "./backup.ts";
import { drillHl7 } from "./hl7.ts";
import { drillKill } from "./kill.ts";
import { drillLoops } from "./loops.ts";
import { usageOf } from "../usage.ts";

export const drillCommand: Command = async (invocation) => {
  const [, kind] = invocation.args;
  if (kind === "kill") return drillKill(invocation);
  if (kind === "hl7") return drillHl7(invocation);
  if (kind === "loops") return drillLoops(invocation);
  if (kind === "backup") return drillBackup(invocation);
  throw new Error(usageOf("drill"));
};
