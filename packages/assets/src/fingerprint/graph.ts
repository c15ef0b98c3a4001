/**
 * Strongly connected components, each after all it leads to (Tarjan 1972, without recursion: chains of imports may
 * be long). Order and members follow `nodes` and `edges`, so equal input gives equal output.
 */
export function components(
  nodes: readonly string[],
  edges: (node: string) => readonly string[],
): readonly (readonly string[])[] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const frames: { readonly node: string; readonly to: readonly string[]; next: number }[] = [];

  const enter = (node: string) => {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    stack.push(node);
    onStack.add(node);
    frames.push({ node, to: edges(node), next: 0 });
  };
  const lower = (node: string, value: number) => {
    low.set(node, Math.min(low.get(node) ?? value, value));
  };
  const leave = (node: string) => {
    frames.pop();
    const parent = frames.at(-1);
    if (parent !== undefined) lower(parent.node, low.get(node) ?? 0);
    if (low.get(node) !== order.get(node)) return;
    const members = stack.splice(stack.lastIndexOf(node));
    for (const member of members) onStack.delete(member);
    found.push(members);
  };

  for (const start of nodes) {
    if (!order.has(start)) enter(start);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.to[frame.next++];
      if (next === undefined) leave(frame.node);
      else if (!order.has(next)) enter(next);
      else if (onStack.has(next)) lower(frame.node, order.get(next) ?? 0);
    }
  }
  return found;
}
