import type { ReachedHost } from "../../facts.ts";
import { judge, type Remark } from "../remark.ts";
import type { Row } from "./row.ts";

export const clock: Row = ({ facts }) => clockOf(facts);

/** Leases and logs are reckoned with it; S3 refuses what is signed a quarter of an hour off. */
export function clockOf({ host, skew }: Pick<ReachedHost, "host" | "skew">): readonly Remark[] {
  if (skew === undefined) return [];
  const { ahead, unsure } = skew;
  const off = Math.max(0, Math.abs(ahead) - unsure);
  const text = `it is ${Math.round(Math.abs(ahead))} s ${ahead > 0 ? "ahead" : "behind"}: leases and logs lie`;
  const fix = "sudo timedatectl set-ntp true";
  const level = off > 60 ? "stop" : "warn";
  return [judge(off > 2, { level, about: "clock", host, text, fix }, "right to two seconds")];
}
