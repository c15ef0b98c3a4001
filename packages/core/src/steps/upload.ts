import { dataSize } from "../amounts.ts";
import { uploadMethods } from "../methods/methods.ts";
import { bridgeOf } from "../plan/bridge.ts";
import { deliver } from "../plan/delivery.ts";
import type { Bridge, Delivery } from "../plan/types.ts";
import { count } from "../plan/words.ts";
import { storeCredential } from "./credentials.ts";
import type { StepKind } from "./kind.ts";

export interface UploadStep {
  readonly bridge?: Bridge;
  /** Absent: as the config says nothing about it. */
  readonly delivery?: Delivery;
}

/** The release is brought to hosts, verified and made: one step for each way in which it comes. */
export const upload: StepKind<UploadStep, "nothing"> = {
  stage: "prepare",
  effect: "nothing",
  lasts: false,
  together: true,
  plan({ fleet, hosts }) {
    const bridge = bridgeOf(fleet.config);
    return deliver(fleet, hosts).map((delivered) => ({
      ...delivered,
      ...(bridge === undefined ? {} : { bridge }),
    }));
  },
  words: ({ delivery, bridge, hosts }, { artifact }) =>
    [
      artifact === undefined
        ? "the release"
        : `${count(artifact.files, "file")}, ${dataSize(artifact.bytes)}`,
      ...deliveryWords(delivery, hosts.length),
      ...bridgeWords(bridge),
    ].join("; "),
  credentials: ({ delivery }) => storeCredential("the store that hosts fetch from", delivery?.store),
  needs: ({ delivery }) => uploadMethods[delivery?.method ?? "artifact"].needs,
};

/** How the release comes to the hosts of a step, and why so. */
function deliveryWords(delivery: Delivery | undefined, hosts: number): readonly string[] {
  if (delivery === undefined) return [];
  const { method, unchanged, verify, compression, atOnce, because } = delivery;
  const { words, own, clones } = uploadMethods[method];
  const packed = compression === "none" ? ", uncompressed" : `, compressed with ${compression}`;
  return [
    [
      words(delivery),
      own || compression === "auto" ? "" : packed,
      because === undefined ? "" : ` (${because})`,
    ].join(""),
    ...(unchanged === "link" && clones !== true
      ? ["unchanged files are links to those of the live release"]
      : []),
    ...(verify === "whole" ? ["every file is hashed there"] : []),
    ...(hosts > atOnce ? [`at most ${count(atOnce, "host")} at once`] : []),
  ];
}

function bridgeWords(bridge: Bridge | undefined): readonly string[] {
  if (bridge === undefined) return [];
  const where = bridge.folder === "." ? "" : ` in ${bridge.folder}`;
  return [`keeps asset files of the last ${bridge.releases} releases${where}`];
}
