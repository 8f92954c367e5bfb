import type { NetworkTable } from "../network-table.ts";

/** VGG-16 (configuration D) for images of 224x224. */
export const vgg16: NetworkTable = {
  activation: "relu",
  rows: [
    ["conv1_1", "ic3ih224oc64kh3ph1"],
    ["conv1_2", "ic64ih224oc64kh3ph1"],
    ["conv2_1", "ic64ih112oc128kh3ph1"],
    ["conv2_2", "ic128ih112oc128kh3ph1"],
    ["conv3_1", "ic128ih56oc256kh3ph1"],
    ["conv3_2", "ic256ih56oc256kh3ph1"],
    ["conv3_3", "ic256ih56oc256kh3ph1"],
    ["conv4_1", "ic256ih28oc512kh3ph1"],
    ["conv4_2", "ic512ih28oc512kh3ph1"],
    ["conv4_3", "ic512ih28oc512kh3ph1"],
    ["conv5_1", "ic512ih14oc512kh3ph1"],
    ["conv5_2", "ic512ih14oc512kh3ph1"],
    ["conv5_3", "ic512ih14oc512kh3ph1"],
  ],
};
