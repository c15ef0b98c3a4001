import { judge, type Remark } from "../remark.ts";
import type { Seen } from "./seen.ts";

/** What must not be public, and how it is known for what it is: a page for everything answers 200, too. */
const secrets: Readonly<Record<string, RegExp>> = {
  "/.env": /^[A-Z][A-Z0-9_]*=/m,
  "/.git/HEAD": /^ref: /,
  "/REVISION": /^[0-9a-f]{7,40}\s*$/,
  "/composer.json": /"require"/,
  "/config/database.yml": /^\s*adapter:/m,
  "/package.json": /"dependencies"/,
};

const missing = "/deploy-doctor-asks-for-what-is-not-there";
const missingAsset = `${missing}.css`;

/** All that is asked of a site. */
export const pagesAsked: readonly string[] = ["/", ...Object.keys(secrets), missing, missingAsset];

const talkative =
  /DEBUG = True|Whoops, looks like|Ignition|Rails\.root:|Werkzeug Debugger|Traceback \(most recent call last\)/;

/** What the site gives away, whether what is missing is missing, and how long caches keep what is there. */
export function pageRemarks(seen: Seen): readonly Remark[] {
  const { url, pages } = seen;
  const gone = pages[missing];
  if (gone === undefined) return [{ level: "unknown", about: "pages", text: `${url} did not answer` }];
  const open = Object.entries(secrets)
    .filter(([path, known]) => pages[path]?.status === 200 && known.test(pages[path].text))
    .map(([path]) => path);
  // Of pages alone the root is `current` itself: then all that is told is which commit is live.
  const root: Remark =
    open.join() === "/REVISION"
      ? {
          ...{ level: "warn", about: "pages" },
          text: "everybody can read /REVISION, the commit that is live: the document root is `current` itself",
          fix: "where that is meant: location = /REVISION { return 404; }; else let the root end in current/public",
        }
      : {
          ...{ level: "stop", about: "pages" },
          text: `everybody can read ${open.join(", ")}: the document root is too high`,
          fix: "let it end in current/public, and change what was in these files",
        };
  const debugging = talkative.test(gone.text) || gone.headers["x-debug-token"] !== undefined;
  const debug: Remark = {
    ...{ level: "warn", about: "debug" },
    text: "a page that is missing shows the code: debugging is on",
    fix: "switch it off in shared/.env",
  };
  return [
    judge(open.length > 0, root, "no secret file is served"),
    judge(debugging, debug, "a page that is missing tells nothing"),
    ...statics(seen),
    ...redirect(seen),
  ];
}

function statics({ pages, asset }: Seen): readonly Remark[] {
  const about = "static files";
  const made = pages[missingAsset];
  if (made?.status === 200) {
    const text = "a style sheet that is not there answers 200: caches will keep a page in its place";
    return [
      {
        level: "warn",
        about,
        text,
        fix: "let the web server answer 404 below the assets' folder: try_files $uri =404",
      },
    ];
  }
  if (asset === undefined)
    return [{ level: "ok", about, text: "one that is not there is not there; the first page names none" }];
  const type = asset.headers["content-type"] ?? "";
  if (asset.status !== 200 || !/css|javascript/.test(type)) {
    const text = `the first page names ${asset.path}, which answers ${asset.status} ${type}`.trim();
    return [
      {
        level: "warn",
        about,
        text,
        fix: "look at the web server's location for it, and whether the build made it",
      },
    ];
  }
  const text = `${asset.path} is served, and kept for: ${asset.headers["cache-control"] ?? "as long as browsers like"}`;
  return [{ level: "ok", about, text }];
}

function redirect({ url, plain }: Seen): readonly Remark[] {
  if (!url.startsWith("https:")) return [];
  const about = "http";
  if (plain === undefined) return [{ level: "ok", about, text: "nobody answers without TLS" }];
  const leads =
    plain.status >= 300 && plain.status < 400 && (plain.headers.location ?? "").startsWith("https:");
  const text = `http://${new URL(url).host} answers ${plain.status} instead of leading to https`;
  const fix = "let port 80 of the web server say: return 301 https://$host$request_uri";
  return [judge(!leads, { level: "warn", about, text, fix }, "leads to https")];
}
