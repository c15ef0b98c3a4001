import { type Delivery, type Encoding, type Facts, zstdHere } from "@deploy/core";

/** How a host is sent to: as asked where it can read that, else the best it can. */
export function encodingFor(
  facts: Facts | undefined,
  asked: Delivery["compression"],
  here: boolean = zstdHere,
): Encoding {
  const tools = facts?.reached === true ? facts.tools : {};
  const reads = { zstd: here && tools.zstd === true, gzip: tools.gzip !== false, none: true };
  if (asked !== "auto" && reads[asked]) return asked;
  if (reads.zstd) return "zstd";
  return reads.gzip ? "gzip" : "none";
}
