/** Cycles in a directed graph (Tarjan's strongly connected components). */

/** Every group of nodes that can reach each other, as one closed path through some of them. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];

  const visit = (node: string): void => {
    const index = order.size;
    order.set(node, index);
    low.set(node, index);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) !== index) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || graph.get(node)?.includes(node)) groups.push(group);
  };

  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return groups.map((group) => closedPath(graph, new Set(group)));
}

/** The shortest way from a node of the group back to itself. */
function closedPath(graph: ReadonlyMap<string, readonly string[]>, group: ReadonlySet<string>): string[] {
  const start = [...group].toSorted()[0] ?? "";
  const from = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return wayTo(node, from, start);
      if (!group.has(next) || from.has(next)) continue;
      from.set(next, node);
      queue.push(next);
    }
  }
  return [start];
}

function wayTo(last: string, from: ReadonlyMap<string, string>, start: string): string[] {
  const way = [start];
  for (let node: string | undefined = last; node !== undefined && node !== start; node = from.get(node))
    way.splice(1, 0, node);
  return [...way, start];
}
