import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathOfPart, until } from "@deploy/testkit";

interface Page {
  readonly status: number | undefined;
  readonly etag: string | undefined;
  readonly text: string;
}

/** nginx with its defaults, serving one folder on a socket of its own. */
export async function openNginx(folder: string) {
  const home = mkdtempSync(join(tmpdir(), "deploy-nginx-"));
  const [socket, conf, log] = ["socket", "nginx.conf", "error.log"].map((name) => join(home, name));
  const server = `server { listen unix:${socket}; root ${folder}; access_log off; }`;
  writeFileSync(`${conf}`, `daemon off; master_process off; pid pid; events {} http { ${server} }`);
  const argv = ["-p", home, "-c", `${conf}`, "-e", `${log}`];
  const nginx = spawn(pathOfPart("nginx") ?? "nginx", argv, { stdio: "ignore" });
  // The socket is there before anybody listens on it.
  const listens = () =>
    new Promise<boolean>((done) => {
      const asked = connect(`${socket}`, () => done(asked.destroy().destroyed)).once("error", () =>
        done(false),
      );
    });
  await until("nginx listens", listens);
  return {
    async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
      const asked = request({ socketPath: socket, path, headers }).end();
      const [answer] = await once(asked, "response");
      const text = Buffer.concat(await answer.toArray()).toString();
      return { status: answer.statusCode, etag: answer.headers.etag, text };
    },
    async close() {
      nginx.kill();
      await once(nginx, "exit");
      rmSync(home, { recursive: true });
    },
  };
}
