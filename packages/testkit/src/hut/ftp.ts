import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { type Started, startProcess } from "../started.ts";
import { until } from "../until.ts";
import { type FtpOptions, type FtpSetup, ftpLogin, ftpServers } from "./ftpServers.ts";
import { type PortsProxy, portsProxy } from "./ports.ts";

export interface FtpServer {
  /** What the login calls `/`. */
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  readonly username: string;
  /** Whose files are the login's. */
  readonly uid: number;
  readonly password: string;
  /** 64 hexadecimal digits; empty without TLS. */
  readonly certificate: string;
  /** The same in PEM. */
  readonly pem: string;
  /** At another address, by which connections can be cut. */
  readonly proxy: PortsProxy;
  close(): Promise<void>;
}

/** A real FTP server on loopback, whose login is locked in a folder. Only root can start one. */
export async function openFtp(options: FtpOptions): Promise<FtpServer> {
  const own = mkdtempSync("/run/ftp-");
  chmodSync(own, 0o755);
  const folder = join(own, "root");
  for (const path of [folder, join(folder, "site")]) {
    mkdirSync(path);
    chownSync(path, ftpLogin.uid, ftpLogin.uid);
  }
  const { room } = options;
  const site = join(folder, "site");
  if (room !== undefined)
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${room},uid=${ftpLogin.uid},mode=755`, "tmpfs", site]);
  const range = await claimRange();
  const { first } = range;
  const certificate = options.tls === undefined ? "" : makeCertificate(own);
  const setup: FtpSetup = {
    ...options,
    folder,
    own,
    port: first,
    passive: [first + 1, first + 99],
    certificate,
  };
  const argv = ftpServers[options.kind](setup);
  const server = await startProcess(argv, { env: { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8" } });
  await answers(server, first);
  const proxy = await portsProxy("127.0.0.1", "127.0.0.2", first, first + 99);
  return {
    ...{ folder, address: "127.0.0.1", port: first, ...ftpLogin, proxy },
    certificate: certificate === "" ? "" : printOf(certificate),
    pem: certificate === "" ? "" : new X509Certificate(readFileSync(certificate)).toString(),
    async close() {
      await proxy.close();
      await server.stop();
      range.close();
      if (room !== undefined) execFileSync("umount", ["-l", site]);
      rmSync(own, { recursive: true });
    },
  };
}

/** A hundred ports of ours alone for as long as it is open, and none that the system gives to whoever connects. */
async function claimRange(): Promise<{ readonly first: number; close(): void }> {
  for (let at = 0; at < 200; at++) {
    const first = 12_000 + ((process.pid * 7 + at) % 200) * 100;
    const claim = createServer().listen({ host: "127.0.0.3", port: first, exclusive: true });
    const is = await once(claim, "listening").then(
      () => true,
      () => false,
    );
    if (is && !(await isOpen(first))) return { first, close: () => claim.close() };
    claim.close();
  }
  throw new Error("no range of ports is free");
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

function answers(server: Started, port: number): Promise<void> {
  let over = false;
  void server.ended.then(() => {
    over = true;
  });
  return until(`an FTP server on ${port}`, () => {
    if (over) throw new Error(`the FTP server ended: ${server.output()}`);
    return isOpen(port);
  });
}

/** Certificate and key in one file, as all of them take it. */
function makeCertificate(own: string): string {
  const [key, cert, both] = ["key.pem", "cert.pem", "both.pem"].map((name) => join(own, name)) as [
    string,
    string,
    string,
  ];
  const subject = [
    "-subj",
    "/CN=ftp.hoster.example",
    "-addext",
    "subjectAltName=DNS:ftp.hoster.example,IP:127.0.0.1",
  ];
  const kind = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...kind, "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
  writeFileSync(both, readFileSync(key, "utf8") + readFileSync(cert, "utf8"), { mode: 0o600 });
  return both;
}

function printOf(file: string): string {
  return new X509Certificate(readFileSync(file)).fingerprint256.replaceAll(":", "").toLowerCase();
}
