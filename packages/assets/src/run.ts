import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Assets, DeployErrors, type TenantName } from "@deploy/core";
import type { Cdn, Store } from "@deploy/store";
import { buildAssets } from "./build/build.ts";
import { writeAssets } from "./output/assets.ts";
import { readIndex } from "./output/index.ts";
import { examinePrune, type PrunePlan, pruneAssets } from "./prune/index.ts";
import { publishAssets, rehearsePublish } from "./publish/index.ts";
import type { AssetsReport } from "./report/types.ts";
import { besideCredentials } from "./tools/own.ts";
import type { AssetIndex, Built, FingerprintOptions } from "./types.ts";

export interface AssetsRun {
  readonly assets: Assets;
  /** The repository, absolute. */
  readonly root: string;
  /** `publish` takes what an earlier `build` left in the output folder. */
  readonly phase: "all" | "build" | "publish";
  /** Where the output of that earlier build lies, where it is not in the repository. */
  readonly output?: string;
  /** Name of the release in the store's records. */
  readonly release: string;
  readonly now: Date;
  /** Builds into a temporary folder; the store is only read. */
  readonly dryRun: boolean;
  readonly prune: boolean;
  /** Keys, a role or a token are within reach of this process: code of the project does not run (`build-credentials`). */
  readonly credentials: boolean;
  /** Absent: nothing is published. */
  readonly store?: Store;
  readonly cdn?: Cdn;
  /** Who publishes, and whose place it may take over; absent: nobody is asked. */
  readonly tenant?: TenantName;
  readonly takeOver?: string;
  /** Folder of the incremental cache. */
  readonly cache?: string;
  readonly signal: AbortSignal;
  /** Runs the project's own build command in the repository. Throws `build-failed`. */
  readonly command: (run: string) => Promise<void>;
  readonly onPhase: (title: string) => void;
  readonly onProgress: (done: number, total: number, path: string) => void;
  readonly onWarning: (text: string, place?: { file: string; line?: number; column?: number }) => void;
}

/**
 * From sources to files that are served: build, fingerprint, publish, prune. Nothing is published unless all of it was
 * built. Throws what its parts throw; a purge that failed and removals that were refused are in the report.
 */
export async function runAssets(run: AssetsRun): Promise<AssetsReport> {
  const scratch =
    run.dryRun && run.phase !== "publish" ? await mkdtemp(join(tmpdir(), "deploy-assets-")) : undefined;
  try {
    const output = scratch ?? run.output ?? join(run.root, run.assets.output);
    const made = run.phase === "publish" ? { index: await readIndex(output) } : await make(run, output);
    const { release, dryRun, cdn } = run;
    const named = cdn === undefined ? {} : { cdn: cdn.name };
    return { ...made, ...named, ...(await bring(run, made.index, output)), release, dryRun };
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
}

async function make(
  run: AssetsRun,
  output: string,
): Promise<{ built: Built; index: AssetIndex; before?: AssetIndex }> {
  const { assets, root, cache, signal } = run;
  // What the last build left here; a first build, or a folder that is not ours, has none.
  const before = await readIndex(join(root, assets.output)).catch(() => undefined);
  const own = assets.build !== "auto";
  if (run.credentials && own && assets.build !== "none") throw besideCredentials(`"${assets.build}"`);
  run.onPhase("build assets");
  if (own && assets.build !== "none") await run.command(assets.build);
  const built = await buildAssets({
    root,
    source: join(root, assets.source),
    compile: !own,
    ownCode: !run.credentials,
    minify: assets.minify && !own,
    sourceMaps: assets.sourceMaps !== "none",
    html: assets.html && !own,
    loadPaths: assets.loadPaths,
    signal,
    onProgress: run.onProgress,
    onWarning: run.onWarning,
    ...(cache === undefined ? {} : { cache }),
  });
  const index = await inSources(assets.source, built.files, {
    output,
    source: join(root, assets.source),
    fingerprint: assets.fingerprint,
    keep: assets.keep,
    ...(assets.publish === undefined ? { place: placeOf(assets.output) } : {}),
    precompress: assets.precompress,
    sourceMaps: assets.sourceMaps,
    manifests: assets.manifests,
    signal,
    onWarning: run.onWarning,
    ...(assets.baseUrl === undefined ? {} : { baseUrl: assets.baseUrl }),
    ...(cache === undefined ? {} : { cache }),
  });
  return { built, index, ...(before === undefined ? {} : { before }) };
}

const roots = /^(?:public|public_html|pub|web|webroot|wwwroot|www|htdocs|html|docroot)$/;

/** Below the document root, which has one of its usual names; "" where it is that root, or none is there. */
function placeOf(output: string): string {
  const segments = output.split("/");
  const root = segments.findLastIndex((segment) => roots.test(segment));
  return root < 0
    ? ""
    : segments
        .slice(root)
        .map((segment, at) => (at === 0 ? "" : `/${segment}`))
        .join("");
}

/** Problems and warnings name files as the repository does, so that annotations find them. */
async function inSources(
  source: string,
  files: Built["files"],
  options: FingerprintOptions,
): Promise<AssetIndex> {
  const named = (file: string) => join(source, file);
  try {
    return await writeAssets(files, {
      ...options,
      onWarning: (text, place) => options.onWarning?.(text, { ...place, file: named(place.file) }),
    });
  } catch (error) {
    if (!(error instanceof DeployErrors)) throw error;
    throw new DeployErrors(
      error.problems.map((problem) => {
        const { file } = problem.place;
        return file === undefined ? problem : { ...problem, place: { ...problem.place, file: named(file) } };
      }),
    );
  }
}

/** Publishing, then pruning: what is new is there before anything old goes. */
async function bring(
  run: AssetsRun,
  index: AssetIndex,
  output: string,
): Promise<Partial<Pick<AssetsReport, "publish" | "prune" | "location">>> {
  const { store, assets, cdn, signal, release, tenant, takeOver } = run;
  if (store === undefined || assets.publish === undefined || run.phase === "build") return {};
  const now = run.now.getTime();
  const { keepReleases, keepFor } = assets.publish;
  const options = {
    index,
    output,
    store,
    release,
    now,
    signal,
    onProgress: run.onProgress,
    onWarning: run.onWarning,
    ...(tenant === undefined ? {} : { tenant }),
    ...(takeOver === undefined ? {} : { takeOver }),
    ...(cdn === undefined ? {} : { cdn }),
    ...(assets.baseUrl === undefined ? {} : { baseUrl: assets.baseUrl }),
  };
  run.onPhase(`publish to ${store.location}`);
  const publish = await (run.dryRun ? rehearsePublish(options) : publishAssets(options));
  const pruning = { store, retention: { keepReleases, keepFor }, now, signal };
  const location = store.location;
  if (!run.prune) return { publish, location };
  const prune = run.dryRun ? rehearsed(await examinePrune(pruning)) : await pruneAssets(pruning);
  return { publish, prune, location };
}

function rehearsed(plan: PrunePlan) {
  return { plan, removed: 0, bytesRemoved: 0 };
}
