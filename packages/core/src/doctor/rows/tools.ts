import type { Tool } from "../../facts.ts";
import { judge } from "../remark.ts";
import type { Row } from "./row.ts";

const hashers: readonly Tool[] = ["sha256sum", "shasum", "openssl"];

/** What a host must have to take a release in. */
export function missingTools(tools: Readonly<Partial<Record<Tool, boolean>>>): readonly string[] {
  const missing: string[] = tools.tar === true ? [] : ["tar"];
  if (!hashers.some((tool) => tools[tool] === true)) missing.push(hashers.join(" or "));
  return missing;
}

export const tools: Row = ({ host, facts }) => {
  const missing = missingTools(facts.tools);
  const text = `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not there`;
  const fix = `install ${missing.join(" and ")}`;
  return [
    judge(
      missing.length > 0,
      { level: "stop", about: "tools", host, text, fix },
      "what unpacks a release is there",
    ),
  ];
};
