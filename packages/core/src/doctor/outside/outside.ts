import type { Remark } from "../remark.ts";
import { addressRemarks } from "./addresses.ts";
import { certificateRemarks } from "./certificates.ts";
import { pageRemarks } from "./pages.ts";
import { openRemarks } from "./ports.ts";
import type { Seen } from "./seen.ts";

/** The lines about what is seen from outside. Pure. */
export function outsideRemarks(
  seen: Seen | undefined,
  hosts: Seen["hosts"],
  { now, port }: { readonly now: Date; readonly port?: number | undefined },
): readonly Remark[] {
  if (seen !== undefined)
    return [
      ...addressRemarks(seen),
      ...certificateRemarks(seen, now),
      ...pageRemarks(seen),
      ...openRemarks(hosts, port),
    ];
  const text = "the config names no `url`: what visitors see is not looked at";
  const fix = "say it in the config: url: https://…";
  return [{ level: "unknown", about: "address", text, fix }, ...openRemarks(hosts, port)];
}
