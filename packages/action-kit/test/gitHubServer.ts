import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach } from "@jest/globals";

/** A GitHub on loopback for each test: it answers as told, and remembers what it was asked, path and token. */
export interface GitHubServer {
  answer: { readonly status: number; readonly body: unknown };
  asked: (string | undefined)[];
  apiUrl(): string;
}

export function gitHubServer(): GitHubServer {
  let server: Server;
  const gitHub: GitHubServer = {
    answer: { status: 500, body: null },
    asked: [],
    apiUrl: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  beforeEach(async () => {
    gitHub.asked = [];
    server = createServer(({ url, headers }, response) => {
      gitHub.asked.push(url, headers.authorization);
      const { status, body } = gitHub.answer;
      const type = { "content-type": "application/json; charset=utf-8" };
      response.writeHead(status, type).end(JSON.stringify(body));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  afterEach(() => new Promise((done) => void server.close(done)));
  return gitHub;
}
