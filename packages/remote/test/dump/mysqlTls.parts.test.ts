import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Mariadb, needs, openMariadb } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { inspectSource } from "../../src/index.ts";
import { binSh } from "../host.ts";
import { type DumpHost, dumpHost } from "./host.ts";

const programs = ["mariadbd", "mariadb", "mariadb-dump", "mariadb-install-db", "openssl"] as const;

needs(...programs)("a connection to MariaDB", () => {
  let server: Mariadb;
  let host: DumpHost;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "deploy tls-"));
    certify("ours", "127.0.0.1");
    certify("other", "127.0.0.1");
    chmodSync(folder, 0o755);
    const settings = [`--ssl-cert=${at("ours.pem")}`, `--ssl-key=${at("ours.key")}`];
    server = await openMariadb({ databases: ["shop"], settings });
    host = dumpHost(binSh);
  });
  afterAll(async () => {
    await server.close();
    host.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const at = (name: string) => join(folder, name);
  const certify = (name: string, address: string) => {
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const subject = ["-days", "2", "-subj", `/CN=${address}`, "-addext", `subjectAltName=IP:${address}`];
    const files = ["-keyout", at(`${name}.key`), "-out", at(`${name}.pem`)];
    execFileSync("openssl", [...request, ...subject, ...files], { stdio: "ignore" });
    chmodSync(at(`${name}.key`), 0o644);
  };
  const told = (options: Readonly<Record<string, string>>, more: { host?: string } = {}) => {
    const source = server.source("shop", { options, ...more });
    return host.refusedOf(inspectSource(source), source);
  };

  test.each(["disabled", "PREFERRED", "require", "verify_ca", "verify-full"])(
    "as %s asks for it",
    async (sslmode) => {
      expect((await told({ sslmode, sslca: at("ours.pem") }))[0]).toBe("ok");
    },
  );

  test("is not made to a server that shows another certificate, or another name", async () => {
    for (const sslmode of ["verify-ca", "verify-full"]) {
      const [, message] = await told({ sslmode, sslca: at("other.pem") });
      expect(message).toMatch(
        /(certificate|SSL|TLS).* \(in the URL, \?sslca=\/path\/of\/ca\.pem names the authority/,
      );
    }
    expect((await told({ sslmode: "verify-full", sslca: at("ours.pem") }, { host: "localhost" }))[1]).toMatch(
      /certificate|SSL|TLS/,
    );
    expect((await told({ sslmode: "require" }))[0]).toBe("ok");
  });

  test("that has to be encrypted says by which option", async () => {
    await server.ask("mysql", "set global require_secure_transport = on");
    expect((await told({ sslmode: "disabled" }))[1]).toMatch(/\(in the URL, \?sslmode=required encrypts\)$/);
    await server.ask("mysql", "set global require_secure_transport = off");
  });
});
