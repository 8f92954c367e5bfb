import { describeConv2d, type GraphNode, type NetworkGraph } from "leanconv";

/** 200 residual blocks of five nodes, 40 widths in turn: 1,001 nodes, 800 of them convolutions of 121 problems. */
export function longGraph(blocks = 200): NetworkGraph {
  const nodes: GraphNode[] = [{ kind: "input", name: "data", shape: [1, 64, 56, 56] }];
  let tensor = "data";
  const conv = (name: string, input: string, from: number, to: number, kernel: number): string => {
    const problem = describeConv2d({
      ...{ inputChannels: from, outputChannels: to, input: [56, 56], kernel: [kernel, kernel] },
      ...{ padding: (kernel - 1) / 2, bias: true, activation: "relu" },
    });
    nodes.push({ kind: "conv", name, inputs: [input], problem });
    return name;
  };
  for (let block = 0; block < blocks; block++) {
    const width = 16 + 2 * (block % 40);
    const narrow = conv(`${block}/narrow`, tensor, 64, width, 1);
    const middle = conv(`${block}/middle`, narrow, width, width, 3);
    const wide = conv(`${block}/wide`, middle, width, 64, 1);
    nodes.push({ kind: "add", name: `${block}/sum`, inputs: [wide, tensor] });
    tensor = conv(`${block}/out`, `${block}/sum`, 64, 64, 3);
  }
  return { nodes };
}
