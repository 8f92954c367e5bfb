import { inputsOf } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import type { NetworkPlanData } from "./network-plan.ts";

/**
 * That what a plan refers to stands in it: nodes by their index, candidates by their key, steps by their names. What it
 * says is checked by whoever opens it.
 * @throws `argument.format`
 */
export function checkReferences(plan: NetworkPlanData, where: string): void {
  const { graph, nodes, moves, steps, candidates, buffers } = plan;
  const expect = (good: boolean, place: string, got: unknown, wanted: string): void => {
    if (good) return;
    throw convError("argument.format", {
      where: `${where}: ${place}`,
      what: "refers to what is not there",
      got,
      wanted,
    });
  };
  const names = graph.nodes.map(({ name }) => name);
  expect(nodes.length === names.length, "nodes", nodes.length, `one per node of the graph, ${names.length}`);
  nodes.forEach(({ name, candidates: key, chosen }, at) => {
    expect(name === names[at], `nodes.${at}.name`, name, names[at]);
    const listed = key !== undefined && Object.hasOwn(candidates, key);
    expect(
      listed === (chosen !== undefined),
      `nodes.${at}.candidates`,
      key,
      "a key of candidates, where one is chosen",
    );
  });
  const copies = moves.map(({ node, input }, at) => {
    const reader = graph.nodes[node];
    const source = reader && inputsOf(reader)[input];
    expect(source !== undefined, `moves.${at}`, `${node}, ${input}`, "a node and one of its inputs");
    return `copy ${source} for ${reader?.name}`;
  });
  const known = new Set([...names, ...copies]);
  steps.forEach((step, at) => {
    expect(known.has(step), `steps.${at}`, step, "a node or a copy");
  });
  buffers.forEach(({ node = 0, steps: alive = [0, 0] }, at) => {
    expect(node === 0 || node < names.length, `buffers.${at}.node`, node, `less than ${names.length}`);
    const [first, last] = alive;
    const ordered = first <= last && (last === 0 || last < steps.length);
    expect(ordered, `buffers.${at}.steps`, `${first} to ${last}`, `two of the ${steps.length} steps, in order`);
  });
}
