import type { NetworkTable } from "../network-table.ts";

/** AlexNet (Caffe's BVLC model) for images of 227x227; three of its layers have two groups. */
export const alexnet: NetworkTable = {
  activation: "relu",
  rows: [
    ["conv1", "ic3ih227oc96kh11sh4"],
    ["conv2", "ic96ih27oc256kh5ph2g2"],
    ["conv3", "ic256ih13oc384kh3ph1"],
    ["conv4", "ic384ih13oc384kh3ph1g2"],
    ["conv5", "ic384ih13oc256kh3ph1g2"],
  ],
};

/** AlexNet with one group throughout, as papers on convolution often measure it. */
export const alexnetUngrouped: NetworkTable = {
  activation: "relu",
  rows: [
    ["conv1", "ic3ih227oc96kh11sh4"],
    ["conv2", "ic96ih27oc256kh5ph2"],
    ["conv3", "ic256ih13oc384kh3ph1"],
    ["conv4", "ic384ih13oc384kh3ph1"],
    ["conv5", "ic384ih13oc256kh3ph1"],
  ],
};
