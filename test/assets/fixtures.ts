import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installPackages } from "./packages.ts";

/** A checkout whose assets are made of real code bases. */
export interface Site {
  /** GITHUB_WORKSPACE. */
  readonly root: string;
  /** `node_modules` of the fixtures: the command-line tools of the same versions lie there. */
  readonly packages: string;
  /** Lays files into the checkout. */
  write(files: Readonly<Record<string, string>>): void;
  close(): void;
}

/** Opens a checkout; what its style sheets import lies in its `node_modules`, the tools do not: ours are used. */
export function openSite(): Site {
  const packages = installPackages(join(import.meta.dirname, "fixtures"));
  const root = mkdtempSync(join(tmpdir(), "deploy-assets-site-"));
  const from = (path: string, to: string) =>
    cpSync(join(packages, path), join(root, to), { recursive: true });
  const library = (path: string) => from(path, join("node_modules", path));
  for (const path of ["bootstrap/package.json", "bootstrap/scss", "bootstrap-less/package.json"])
    library(path);
  library("bootstrap-less/less");
  from("bootstrap-less/fonts", "assets/css/fonts");
  from("bootstrap-icons/font/bootstrap-icons.css", "assets/css/icons.css");
  from("bootstrap-icons/font/fonts", "assets/css/fonts");
  from("@fontsource/inter/latin-400.css", "assets/css/inter.css");
  for (const kind of ["woff", "woff2"]) {
    const name = `files/inter-latin-400-normal.${kind}`;
    from(`@fontsource/inter/${name}`, `assets/css/${name}`);
  }
  from("jquery/dist/jquery.js", "assets/js/jquery.js");
  from("lodash/lodash.js", "assets/js/lodash.js");
  for (const name of listIcons(packages)) from(`bootstrap-icons/icons/${name}`, `assets/icons/${name}`);
  const write: Site["write"] = (files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  write(sources);
  return { root, packages, write, close: () => rmSync(root, { recursive: true, force: true }) };
}

/** A part of the set: the rest would show nothing more. */
function listIcons(packages: string): readonly string[] {
  return readdirSync(join(packages, "bootstrap-icons/icons")).filter((name) =>
    /^(alarm|arch|b[ao]).*\.svg$/.test(name),
  );
}

const sources = {
  "assets/css/app.scss": `@use "theme";
@use "bootstrap/scss/bootstrap" with ($primary: theme.$primary);
@use "brand";
`,
  "assets/css/_theme.scss": `$primary: #0a7d5b;
`,
  "assets/css/_brand.scss": `@use "theme";
.brand {
  padding: 1em;
  background: url("../icons/bag.svg") no-repeat, url("../icons/alarm.svg?v=1#id") no-repeat 100%;
  color: theme.$primary;
}
`,
  // Less leaves addresses as its libraries wrote them: from here, Bootstrap 3's lead to its fonts.
  "assets/css/vendor/kit.less": `@import "bootstrap-less/less/bootstrap.less";
@brand-primary: #0a7d5b;
`,
  "assets/css/site.css": `@import "./icons.css";
@import url("inter.css");
body { font-family: Inter, sans-serif; }
.bag { background: url(../icons/bag-check.svg) 0 0 / cover; width: 32px; height: 32px; }
`,
  "assets/js/app.js": `import { total } from "./shop/cart.js";
window.report = { total: total([1, 2, 3]), jquery: jQuery.fn.jquery, chunk: _.chunk([1, 2, 3, 4], 2) };
import("./shop/late.js").then(({ late }) => { jQuery("#late").text(late); window.report.late = late; });
`,
  "assets/js/shop/cart.js": `export function total(prices) {
  const sumOfAllPrices = prices.reduce((sum, price) => sum + price, 0);
  return sumOfAllPrices;
}
`,
  "assets/js/shop/late.js": `export const late = "loaded late";
`,
  "assets/index.html": `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Shop</title>
<link rel="icon" href="icons/bag.svg" type="image/svg+xml">
<link rel="stylesheet" href="css/app.css">
<link rel="stylesheet" href="css/site.css">
<script src="js/jquery.js"></script>
<script src="js/lodash.js"></script>
<script type="module" src="js/app.js"></script>
</head>
<body class="p-4">
<h1><i class="bi bi-cart4"></i> Shop</h1>
<button class="btn btn-primary">Buy</button> <span class="brand">brand</span> <div class="bag"></div>
<img src="icons/archive.svg" srcset="icons/archive.svg 1x, icons/archive-fill.svg 2x" alt="archive" width="48">
<p id="late"></p>
<iframe src="kit.html" title="kit" width="600" height="200"></iframe>
</body>
</html>
`,
  "assets/kit.html": `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Kit</title><link rel="stylesheet" href="css/vendor/kit.css"></head>
<body><button class="btn btn-primary"><span class="glyphicon glyphicon-ok"></span> Kit</button></body>
</html>
`,
};
