import type { NetworkTable } from "../network-table.ts";

/** The benchmark layers cv1 to cv12 of the MEC paper, as im2win's benchmark has them: single convolutions without padding. */
export const mec: NetworkTable = {
  activation: "relu",
  rows: [
    ["cv1", "ic3ih227oc96kh11sh4"],
    ["cv2", "ic3ih231oc96kh11sh4"],
    ["cv3", "ic3ih227oc64kh7sh2"],
    ["cv4", "ic64ih224oc64kh7sh2"],
    ["cv5", "ic96ih24oc256kh5"],
    ["cv6", "ic256ih12oc512kh3"],
    ["cv7", "ic3ih224oc64kh3"],
    ["cv8", "ic64ih112oc128kh3"],
    ["cv9", "ic64ih56oc64kh3"],
    ["cv10", "ic128ih28oc128kh3"],
    ["cv11", "ic256ih14oc256kh3"],
    ["cv12", "ic512ih7oc512kh3"],
  ],
};
