import { type ConvProblem, describeConv2d, type WindowOptions } from "@leanconv/conv";

/** A convolution with the name it has in its network. */
export interface Layer {
  readonly name: string;
  readonly problem: ConvProblem;
}

/** What `network` takes from the caller instead of from its table. */
export interface LayerOverrides {
  readonly batch?: number | undefined;
  readonly bias?: boolean | undefined;
  readonly activation?: WindowOptions["activation"];
}

/** The problem again, with another batch, bias or activation. Allocates a problem. */
export function overrideProblem(p: ConvProblem, overrides: LayerOverrides, where: string): ConvProblem {
  const { batch = p.n, bias = p.bias, activation = p.activation } = overrides;
  return describeConv2d(
    {
      ...{ batch, inputChannels: p.ic, outputChannels: p.oc, input: [p.ih, p.iw], kernel: [p.kh, p.kw] },
      ...{ strides: [p.sh, p.sw], dilations: [p.dh, p.dw], padding: [p.pt, p.pb, p.pl, p.pr], groups: p.groups },
      ...{ bias, activation },
    },
    where,
  );
}
