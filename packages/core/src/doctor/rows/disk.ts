import { judge } from "../remark.ts";
import type { Row } from "./row.ts";

export const disk: Row = ({ host, facts, expected: { keep } }) => {
  const { freeBytes, freeInodes, releases } = facts;
  const free = `${Math.floor(freeBytes / 1e6)} MB`;
  const at = { about: "disk", host, fix: `make room, or keep fewer than ${keep}: keep-releases` } as const;
  if (freeBytes < 50e6 || freeInodes < 1000)
    return [{ ...at, level: "stop", text: `only ${free} and ${freeInodes} inodes are free` }];
  const last = releases.findLast(({ weight }) => weight !== undefined)?.weight;
  const few = last !== undefined && (freeBytes < 2 * last.bytes || freeInodes < 2 * last.inodes);
  const text = `there is no room for two more releases of ${Math.ceil((last?.bytes ?? 0) / 1e6)} MB: ${free} are free`;
  return [judge(few, { ...at, level: "warn", text }, `${free} free`)];
};
