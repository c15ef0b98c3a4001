import { driveLess, type LessDriver, startLess } from "../compile/less.ts";
import { driveSass, type SassDriver } from "../compile/sass.ts";
import { type CssDriver, driveLightning } from "../minify/css/lightning.ts";
import { driveEsbuild } from "../minify/esbuild.ts";
import type { HtmlDriver } from "../minify/html.ts";
import type { JsDriver } from "../minify/js.ts";
import { driveSvgo, type SvgDriver } from "../minify/svg.ts";
import { driveTerser } from "../minify/terser.ts";
import { type Loaded, loadTool } from "../tools/load.ts";
import type { Role } from "../tools/table.ts";
import { bundledTool, type Toolbox } from "../tools/tool.ts";

/** The tools of one thread: each is loaded when it is first asked for, and once. */
export interface Bench {
  sass(): Promise<Loaded<SassDriver>>;
  less(): Promise<Loaded<LessDriver>>;
  css(): Promise<Loaded<CssDriver>>;
  js(): Promise<Loaded<JsDriver>>;
  svg(): Promise<Loaded<SvgDriver>>;
  html(): Promise<Loaded<HtmlDriver>>;
  /** Ends the programs that tools have started. */
  dispose(): Promise<void>;
}

export function makeBench(tools: Toolbox, warn: (text: string) => void): Bench {
  const open: { dispose?: () => unknown }[] = [];
  const lazy = <T extends object>(start: () => Promise<Loaded<T>>) => {
    let loaded: Promise<Loaded<T>> | undefined;
    return () => {
      loaded ??= start().then((one) => {
        open.push(one.driver);
        return one;
      });
      return loaded;
    };
  };
  const from = <T extends object>(role: Role, drivers: Drivers<T>) =>
    lazy(() => loadTool(role, tools[role], drivers, warn));
  return {
    sass: from("sass", sass),
    less: from("less", less),
    css: from("css", css),
    js: from("js", js),
    svg: from("svg", svg),
    html: lazy(async () => ({
      tool: bundledTool("html"),
      driver: await (await import("../minify/html.ts")).startHtml(),
    })),
    dispose: async () => {
      for (const driver of open.splice(0)) await driver.dispose?.();
    },
  };
}

type Drivers<T> = Parameters<typeof loadTool<T>>[2];

const sass: Drivers<SassDriver> = {
  project: driveSass,
  bundled: async () => await import("sass"),
};
const less: Drivers<LessDriver> = {
  project: driveLess,
  bundled: startLess,
};
const css: Drivers<CssDriver> = {
  project: driveLightning,
  bundled: async () => (await import("../minify/wasm.ts")).startWasm(),
};
const js: Drivers<JsDriver> = {
  project: (loaded, { name }) => (name === "esbuild" ? driveEsbuild(loaded) : driveTerser(loaded)),
  bundled: async () => driveTerser(await import("terser")),
};
const svg: Drivers<SvgDriver> = {
  project: (loaded, { version }) => driveSvgo(loaded, version),
  // The other entry reads files beside itself when it is loaded.
  bundled: async () => driveSvgo(await import("svgo/browser"), bundledTool("svg").version),
};
