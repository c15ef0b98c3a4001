/** A code base of the shelf, as a site would hold it in its `assets`. */
export interface Book {
  readonly name: string;
  /** Packages, laid into `node_modules` of the site. */
  readonly packages: readonly string[];
  /** What of them lies in `assets`: from `node_modules`, to below `assets`. */
  readonly lay?: Readonly<Record<string, string>>;
  /** What somebody would write: entry points, and pages that post "ready" to their parent when all is there. */
  readonly files?: Readonly<Record<string, string>>;
  /** Another build made it: `build: none`. */
  readonly built?: true;
  /** Pages to open, below `assets`; `load`: at rest when loaded. */
  readonly pages?: Readonly<Record<string, "load" | "ready">>;
}

const ready = 'parent.postMessage("ready", "*")';
const page = (head: string, body = "") => `<!doctype html><title>A page</title>${head}<body>${body}</body>\n`;

/** It only grows: a site that broke somewhere comes here. */
export const books: readonly Book[] = [
  {
    name: "Bootstrap 5, Sass and icons",
    packages: ["bootstrap@5.3.8", "bootstrap-icons@1.13.1"],
    lay: {
      "bootstrap-icons/font/bootstrap-icons.css": "icons/icons.css",
      "bootstrap-icons/font/fonts": "icons/fonts",
      "bootstrap/dist/css/bootstrap.rtl.css": "rtl.css",
    },
    files: { "app.scss": '@import "bootstrap/scss/bootstrap";\n' },
  },
  {
    name: "Bootstrap 4, Sass",
    packages: ["bootstrap@4.6.2"],
    files: { "app.scss": '@import "bootstrap/scss/bootstrap";\n' },
  },
  {
    name: "Bootstrap 3, Less",
    packages: ["bootstrap@3.4.1"],
    lay: { "bootstrap/fonts": "fonts", "bootstrap/dist/css/bootstrap-theme.css": "dist/theme.css" },
    files: {
      "css/app.less": '@import "bootstrap/less/bootstrap.less";\n@import "bootstrap/less/theme.less";\n',
    },
  },
  {
    name: "Ant Design 3, Less of its time",
    packages: ["antd@3.26.20"],
    files: { "app.less": '@import "antd/dist/antd.less";\n' },
  },
  {
    name: "Ant Design 4, Less with code in it",
    packages: ["antd@4.24.16"],
    files: { "app.less": '@import "antd/dist/antd.less";\n' },
  },
  {
    name: "Foundation 6, Sass",
    packages: ["foundation-sites@6.9.0"],
    lay: { "foundation-sites/dist/css/foundation.css": "dist.css" },
    files: {
      "app.scss":
        '@import "foundation-sites/scss/foundation";\n@include foundation-everything;\n@include foundation-flex-classes;\n',
    },
  },
  {
    name: "Bulma, Sass",
    packages: ["bulma@1.0.4"],
    files: { "app.scss": '@use "bulma/sass";\n' },
  },
  {
    name: "Font Awesome 4 and 7",
    packages: ["font-awesome@4.7.0", "@fortawesome/fontawesome-free@7.1.0"],
    lay: {
      "font-awesome/css/font-awesome.css": "four/css/fa.css",
      "font-awesome/fonts": "four/fonts",
      "@fortawesome/fontawesome-free/css/all.css": "seven/css/all.css",
      "@fortawesome/fontawesome-free/css/v4-shims.css": "seven/css/v4-shims.css",
      "@fortawesome/fontawesome-free/webfonts": "seven/webfonts",
    },
    files: {
      "four/less/fa.less": '@import "font-awesome/less/font-awesome.less";\n',
      "seven/scss/fa.scss":
        '@use "@fortawesome/fontawesome-free/scss/fontawesome";\n@use "@fortawesome/fontawesome-free/scss/solid";\n',
    },
  },
  {
    name: "TinyMCE",
    packages: ["tinymce@8.2.2"],
    lay: Object.fromEntries(
      [
        ...["tinymce.min.js", "themes/silver/theme.min.js", "models/dom/model.min.js"],
        ...["icons/default/icons.min.js", "plugins/link/plugin.min.js", "skins/ui/oxide/skin.css"],
        ...["skins/ui/oxide/skin.min.css", "skins/ui/oxide/content.min.css"],
        "skins/content/default/content.min.css",
      ].map((path) => [`tinymce/${path}`, `vendor/tinymce/${path}`]),
    ),
    files: {
      "editor.html": page(
        '<script src="vendor/tinymce/tinymce.min.js"></script>',
        `<textarea></textarea><script>tinymce.init({ selector: "textarea", license_key: "gpl", promotion: false,
        plugins: "link", init_instance_callback: () => ${ready} })</script>`,
      ),
    },
    pages: { "editor.html": "ready" },
  },
  {
    name: "Leaflet",
    packages: ["leaflet@1.9.4"],
    lay: {
      "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
      "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
      "leaflet/dist/images": "leaflet/images",
    },
    files: {
      "map.html": page(
        '<link rel="stylesheet" href="leaflet/leaflet.css"><script src="leaflet/leaflet.js"></script>',
        `<div id="map" style="height: 100px"></div><script>addEventListener("load", () => {
        L.marker([0, 0]).addTo(L.map("map").setView([0, 0], 1));
        const icon = document.querySelector(".leaflet-marker-icon");
        icon.onload = icon.onerror = () => ${ready};
        if (icon.complete) ${ready}; })</script>`,
      ),
    },
    pages: { "map.html": "ready" },
  },
  {
    name: "Swagger UI",
    built: true,
    packages: ["swagger-ui-dist@5.30.2"],
    lay: Object.fromEntries(
      [
        ...["index.html", "index.css", "swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js"],
        ...["swagger-ui-standalone-preset.js", "favicon-16x16.png", "favicon-32x32.png"],
        ...["oauth2-redirect.html", "oauth2-redirect.js"],
      ].map((name) => [`swagger-ui-dist/${name}`, name]),
    ),
    pages: { "index.html": "load" },
  },
  {
    name: "Django admin",
    packages: ["django==5.2.8"],
    lay: Object.fromEntries(
      ["css", "img", "js/actions.js", "js/calendar.js", "js/theme.js"].map((path) => [
        `django==5.2.8/django/contrib/admin/static/admin/${path}`,
        `admin/${path}`,
      ]),
    ),
  },
  {
    name: "a Vite build",
    built: true,
    packages: ["@vitest/ui@4.0.8"],
    lay: { "@vitest/ui/dist/client": "." },
    pages: { "index.html": "load" },
  },
];
