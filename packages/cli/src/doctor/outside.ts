import { lookup } from "node:dns/promises";
import { connect as dial, isIP } from "node:net";
import { connect as secure } from "node:tls";
import type { Remark } from "@deploy/core";

/** How long anybody outside may take to answer, in milliseconds. */
const patience = 5000;
const day = 86_400_000;

/** What visitors meet at the app's address, seen from here. Changes nothing; never rejects. */
export async function outsideRemarks(url: string | undefined, now: Date): Promise<readonly Remark[]> {
  if (url === undefined)
    return [
      {
        level: "unknown",
        about: "address",
        text: "the config names no `url`: what visitors see is not looked at",
      },
    ];
  const { hostname, protocol, port } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, "");
  const number = Number(port || (protocol === "https:" ? 443 : 80));
  const addresses = (await lookup(name, { all: true }).catch(() => [])).map(({ address }) => address);
  if (addresses.length === 0)
    return [
      {
        level: "warn",
        about: "address",
        text: `${name} has no address: visitors do not find it`,
        fix: "make an A record at whoever serves the domain",
      },
    ];
  const each = addresses.map(async (address) => {
    const answers = await answersAt(address, number);
    if (!answers)
      return {
        level: "warn",
        about: "address",
        text: `${name} leads to ${address}, where nobody answers on port ${number}: some visitors see an error`,
        fix: "remove that record, or open the port",
      } as const;
    return protocol === "https:" ? certificateAt(name, address, number, now) : undefined;
  });
  const told = (await Promise.all(each)).filter((remark) => remark !== undefined);
  const seen = told.some(({ about }) => about === "address")
    ? told
    : [
        { level: "ok", about: "address", text: `${name} answers at ${addresses.join(", ")}` } as const,
        ...told,
      ];
  return [...seen, ...(await pagesOf(url))];
}

function answersAt(address: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = dial({ host: address, port, timeout: patience });
    const end = (answers: boolean) => {
      socket.destroy();
      done(answers);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

/** Read without judging it first: an expired one is to be told, too. */
function certificateAt(name: string, address: string, port: number, now: Date): Promise<Remark> {
  const about = "certificate";
  return new Promise((done) => {
    const socket = secure({
      host: address,
      port,
      // RFC 6066: an address is no name.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      rejectUnauthorized: false,
      timeout: patience,
    });
    const end = (remark: Remark) => {
      socket.destroy();
      done(remark);
    };
    const lost = () => end({ level: "warn", about, text: `${address} speaks no TLS for ${name}` });
    socket.once("secureConnect", () => {
      const ends = Date.parse(socket.getPeerCertificate().valid_to);
      const days = Math.floor((ends - now.getTime()) / day);
      const fix = "look at what renews it (certbot, Caddy) on that server";
      if (!socket.authorized)
        end({
          level: "warn",
          about,
          text: `${address} has one that browsers refuse: ${socket.authorizationError}`,
          fix,
        });
      else if (days < 14)
        end({
          level: "warn",
          about,
          text: `that of ${address} ends in ${days} days: its renewal is broken there`,
          fix,
        });
      else end({ level: "ok", about, text: `that of ${address} is good for ${days} days` });
    });
    socket.once("timeout", lost);
    socket.once("error", lost);
  });
}

/** What must not be public, and how it is known for what it is: a page for everything answers 200, too. */
const secrets: readonly (readonly [path: string, known: RegExp])[] = [
  ["/.env", /^[A-Z][A-Z0-9_]*=/m],
  ["/.git/HEAD", /^ref: /],
  ["/composer.json", /"require"/],
  ["/package.json", /"dependencies"/],
];
const talkative =
  /DEBUG = True|Whoops, looks like|Ignition|Rails\.root:|Werkzeug Debugger|Traceback \(most recent call last\)/;

async function pagesOf(url: string): Promise<readonly Remark[]> {
  const found = await Promise.all(
    secrets.map(async ([path, known]) => ({ path, known, page: await pageAt(url, path) })),
  );
  const open = found
    .filter(({ page, known }) => page?.status === 200 && known.test(page.text))
    .map(({ path }) => path);
  const missing = await pageAt(url, "/deploy-doctor-asks-for-what-is-not-there");
  if (missing === undefined) return [{ level: "unknown", about: "pages", text: `${url} did not answer` }];
  const root: Remark =
    open.length > 0
      ? {
          level: "stop",
          about: "pages",
          text: `everybody can read ${open.join(", ")}: the document root is too high`,
          fix: "let it end in current/public, and change what was in these files",
        }
      : { level: "ok", about: "pages", text: "no secret file is served" };
  const debug: Remark = talkative.test(missing.text)
    ? {
        level: "warn",
        about: "debug",
        text: "a page that is missing shows the code: debugging is on",
        fix: "switch it off in shared/.env",
      }
    : { level: "ok", about: "debug", text: "a page that is missing tells nothing" };
  return [root, debug];
}

async function pageAt(url: string, path: string) {
  try {
    const response = await fetch(new URL(path, url), {
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
    return { status: response.status, text: (await response.text()).slice(0, 200_000) };
  } catch {
    return undefined;
  }
}
