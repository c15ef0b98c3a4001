import { join } from "node:path";
import type { ActionResult, Log } from "@deploy/action-kit";
import {
  type AssetsReport,
  assetsHeadline,
  assetsProblems,
  renderAssetsMarkdown,
  renderAssetsText,
} from "@deploy/assets";
import type { Assets } from "@deploy/core";
import type { Inputs } from "./inputs.ts";

const none = { manifest: "", "assets-url": "", changed: "false", "bytes-uploaded": "0", result: "built" };

export const nothingToDo: ActionResult = {
  result: "prepared",
  headline: "The config has no assets: nothing to build",
  outputs: none,
};

/** The report as log, summary, outputs and result, all from the one value. */
export function tell(report: AssetsReport, assets: Assets, inputs: Inputs, log: Log): ActionResult {
  log.text(renderAssetsText(report));
  const { publish, index, dryRun, warnings = [] } = report;
  const problems = assetsProblems(report);
  const failed = publish?.purge === "failed";
  const [manifest] = index.manifests;
  const result = failed ? "failed" : dryRun ? "planned" : publish === undefined ? "built" : "published";
  return {
    result: failed ? "failed" : "prepared",
    headline: assetsHeadline(report),
    problems: failed ? problems : [],
    warnings: failed
      ? warnings
      : [...warnings, ...problems.map(({ message, hint }) => `${message}. ${hint}`)],
    summary: renderAssetsMarkdown(report),
    outputs: {
      manifest: manifest === undefined || inputs.phase === "publish" ? "" : join(assets.output, manifest),
      "assets-url": assets.baseUrl ?? report.location ?? "",
      changed: String(publish === undefined ? !isSame(report) : publish.uploaded > 0),
      "bytes-uploaded": String(publish?.bytesUploaded ?? 0),
      result,
    },
  };
}

/** The output folder holds what the build before this one left there. */
function isSame({ index, before }: AssetsReport): boolean {
  const digests = (files: AssetsReport["index"]["files"]) =>
    files.map(({ path, sha256 }) => `${path} ${sha256}`);
  return before !== undefined && digests(index.files).join("\n") === digests(before.files).join("\n");
}
