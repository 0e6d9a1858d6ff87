/**
 * One question to every server on which rows lie. Each is asked on a connection besides the transaction.
 *
 * SPEC STORE-CITUS · https://docs.citusdata.com/en/stable/develop/api_udf.html (run_command_on_all_nodes)
 */
import type { Talk } from "../connection.ts";
import { spreadOf, type Spread } from "./spread-connection.ts";

/** The one value that the command gives on each server, as a text. Errors: a server that did not answer. */
export async function onAllNodes(
  talk: Talk,
  command: string,
  spread: Spread | undefined = spreadOf(talk),
): Promise<string[]> {
  if (spread !== "citus") {
    const [row] = await talk.many<Record<string, string | null>>({ text: command });
    return [Object.values(row ?? {})[0] ?? ""];
  }
  const answers = await talk.many<{ success: boolean; result: string }>({
    name: "on-all-nodes",
    text: "SELECT success, result FROM run_command_on_all_nodes($1)",
    values: [command],
  });
  const failed = answers.find(({ success }) => !success);
  if (answers.length === 0 || failed !== undefined) throw new Error(failed?.result ?? "no node of Citus answered");
  return answers.map(({ result }) => result);
}
