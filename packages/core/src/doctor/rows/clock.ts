import { judge } from "../remark.ts";
import type { Row } from "./row.ts";

/** A deploy goes on all the same: leases are reckoned with one host's clock alone. */
export const clock: Row = ({ facts: { host, skew } }) => {
  if (skew === undefined) return [];
  const { ahead, unsure } = skew;
  const off = Math.max(0, Math.abs(ahead) - unsure);
  const text = `it is ${Math.round(Math.abs(ahead))} s ${ahead > 0 ? "ahead" : "behind"}: logs lie, and certificates and stores may refuse`;
  const fix = "sudo timedatectl set-ntp true";
  return [judge(off > 2, { level: "warn", about: "clock", host, text, fix }, "right to two seconds")];
};
