import type { NetworkTable } from "../network-table.ts";

/** SqueezeNet 1.1 for images of 227x227. */
export const squeezenet11: NetworkTable = {
  activation: "relu",
  rows: [
    ["conv1", "ic3ih227oc64kh3sh2"],
    ["fire2/squeeze1x1", "ic64ih56oc16kh1"],
    ["fire2/expand1x1", "ic16ih56oc64kh1"],
    ["fire2/expand3x3", "ic16ih56oc64kh3ph1"],
    ["fire3/squeeze1x1", "ic128ih56oc16kh1"],
    ["fire3/expand1x1", "ic16ih56oc64kh1"],
    ["fire3/expand3x3", "ic16ih56oc64kh3ph1"],
    ["fire4/squeeze1x1", "ic128ih28oc32kh1"],
    ["fire4/expand1x1", "ic32ih28oc128kh1"],
    ["fire4/expand3x3", "ic32ih28oc128kh3ph1"],
    ["fire5/squeeze1x1", "ic256ih28oc32kh1"],
    ["fire5/expand1x1", "ic32ih28oc128kh1"],
    ["fire5/expand3x3", "ic32ih28oc128kh3ph1"],
    ["fire6/squeeze1x1", "ic256ih14oc48kh1"],
    ["fire6/expand1x1", "ic48ih14oc192kh1"],
    ["fire6/expand3x3", "ic48ih14oc192kh3ph1"],
    ["fire7/squeeze1x1", "ic384ih14oc48kh1"],
    ["fire7/expand1x1", "ic48ih14oc192kh1"],
    ["fire7/expand3x3", "ic48ih14oc192kh3ph1"],
    ["fire8/squeeze1x1", "ic384ih14oc64kh1"],
    ["fire8/expand1x1", "ic64ih14oc256kh1"],
    ["fire8/expand3x3", "ic64ih14oc256kh3ph1"],
    ["fire9/squeeze1x1", "ic512ih14oc64kh1"],
    ["fire9/expand1x1", "ic64ih14oc256kh1"],
    ["fire9/expand3x3", "ic64ih14oc256kh3ph1"],
    ["conv10", "ic512ih14oc1000kh1"],
  ],
};
