import { join, relative } from "node:path";
import { assetsProblems, renderAssetsText, runAssets } from "@deploy/assets";
import { defaultAssets, mintReleaseId, parseAssets, parseTenant } from "@deploy/core";
import { readConfigText } from "@deploy/session";
import { build } from "../build.ts";
import { readCommit } from "../commit.ts";
import { pathOf } from "../credentials.ts";
import { reading } from "../failure.ts";
import { signalOf } from "../io.ts";
import type { AssetsOptions } from "../options.ts";
import { openTarget } from "../target.ts";
import type { Context } from "./context.ts";

/** Builds the config's `assets` here and publishes them. Exit code 1 where something was uploaded and not purged. */
export async function assetsCommand(
  phase: "all" | "build" | "publish",
  options: AssetsOptions,
  context: Context,
): Promise<number> {
  const { io, screen, now } = context;
  const { assets, ...owner } = await reading(() => readAssets(options, context));
  const target = openTarget(assets.publish, io);
  const { commit } = await readCommit(io, options.commit, now);
  try {
    const report = await runAssets({
      assets,
      root: io.cwd,
      phase,
      // Whatever is built on this machine reaches the person's own keys, by us or without us.
      credentials: false,
      release: mintReleaseId(now, commit),
      now,
      dryRun: options.dryRun,
      prune: options.prune,
      cache: join(io.cwd, "node_modules/.cache/deploy-assets"),
      signal: signalOf(io),
      ...target,
      ...owner,
      command: (run) => build(run, context),
      onPhase: (title) => screen.say(screen.paint("bold", title)),
      onProgress: () => {},
      onWarning: (text, place) => {
        screen.warn(place === undefined ? text : `${place.file}:${place.line ?? 1}: ${text}`);
      },
    });
    screen.say(renderAssetsText(report));
    screen.answer(report);
    return assetsProblems(report).length > 0 && report.publish?.purge === "failed" ? 1 : 0;
  } finally {
    target.store?.close();
  }
}

async function readAssets({ environment, takeOver, config }: AssetsOptions, { io }: Context) {
  const configFile = relative(io.cwd, pathOf(config, io));
  const text = await readConfigText({ configFile, configRequired: false, root: io.cwd });
  const options = { file: configFile, environment };
  const tenant = parseTenant(text, options);
  return {
    assets: parseAssets(text, options) ?? defaultAssets(),
    ...(tenant === undefined ? {} : { tenant }),
    ...(takeOver === undefined ? {} : { takeOver }),
  };
}
