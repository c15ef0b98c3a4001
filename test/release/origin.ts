import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A repository behind git's own HTTP server; who pushes is told by the token, as on GitHub. */
export interface Origin {
  /** `http://127.0.0.1:…`: GITHUB_SERVER_URL. */
  readonly url: string;
  git(...args: readonly string[]): string;
  /** Refuses pushes of this ref from now on; of none with undefined. */
  refuse(ref: string | undefined): void;
  close(): Promise<void>;
}

/** What GitHub does to a workflow's own token, and to everybody who forces what is protected: nothing is. */
const hook = `#!/bin/sh
while read -r before after ref; do
  case $ref in "$REFUSED") echo "the line was cut" >&2; exit 1 ;; esac
  [ "$REMOTE_USER" = actions ] || continue
  case $before in *[!0]*) range=$before..$after ;; *) range=$after ;; esac
  for commit in $(git rev-list "$range" --not --all); do
    if git ls-tree -r --name-only "$commit" | grep -q '^\\.github/workflows/'; then
      echo "refusing to allow a GitHub App to create or update workflow without 'workflows' permission" >&2
      exit 1
    fi
  done
done
`;

export async function startOrigin(folder: string, tokens: Readonly<Record<string, string>>): Promise<Origin> {
  const path = join(folder, "acme", "deploy.git");
  mkdirSync(path, { recursive: true });
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", path, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
  git("init", "--quiet", "--bare", "--initial-branch=main");
  git("config", "http.receivepack", "true");
  writeFileSync(join(path, "hooks/pre-receive"), hook);
  chmodSync(join(path, "hooks/pre-receive"), 0o755);
  let refused = "";
  const server = createServer((request, response) => {
    const [, password = ""] = Buffer.from(request.headers.authorization?.slice(6) ?? "", "base64")
      .toString()
      .split(":");
    const user = tokens[password];
    if (user !== undefined) return serve(request, response, { folder, user, refused });
    request.resume();
    response.writeHead(401, { "WWW-Authenticate": "Basic" }).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    git,
    refuse: (ref) => {
      refused = ref ?? "";
    },
    close: () => new Promise((done) => void server.close(() => done())),
  };
}

/** One request through `git http-backend`, which is a CGI program. */
function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, user, refused }: { readonly folder: string; readonly user: string; readonly refused: string },
): void {
  const url = new URL(request.url ?? "", "http://origin");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...{ PATH: process.env.PATH, GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: "1" },
      ...{ REMOTE_USER: user, REFUSED: refused, REQUEST_METHOD: request.method ?? "GET" },
      ...{ PATH_INFO: url.pathname, QUERY_STRING: url.search.slice(1) },
      ...{ CONTENT_TYPE: request.headers["content-type"] ?? "" },
      ...{ CONTENT_LENGTH: request.headers["content-length"] ?? "" },
      ...{ HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "" },
      ...{ GIT_PROTOCOL: String(request.headers["git-protocol"] ?? "") },
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => parts.push(bytes));
  child.on("close", () => {
    const answer = Buffer.concat(parts);
    const end = answer.indexOf("\r\n\r\n");
    const lines = answer.subarray(0, end).toString().split("\r\n");
    const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)));
    response.writeHead(Number.parseInt(headers.Status ?? "200", 10), headers).end(answer.subarray(end + 4));
  });
}
