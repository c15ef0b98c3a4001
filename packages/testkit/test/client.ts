import type { Host } from "@deploy/core";
import ssh2, { type Client } from "ssh2";

export interface Ran {
  code: number | null;
  signal: string | undefined;
  stdout: string;
  stderr: string;
}

/** A plain ssh2 client, so that the servers are not tested by the transport they test. */
export function connect(host: Host, privateKey: string): Promise<Client> {
  const client = new ssh2.Client();
  return new Promise((done, fail) => {
    client.once("ready", () => done(client.setNoDelay(true))).on("error", fail);
    client.connect({ host: host.address, port: host.port, username: host.username, privateKey });
  });
}

export function exec(client: Client, line: string, input: string | Buffer = ""): Promise<Ran> {
  return new Promise((done, fail) => {
    client.exec(line, (error, channel) => {
      if (error) return fail(error);
      const ran: Ran = { code: null, signal: undefined, stdout: "", stderr: "" };
      channel.on("data", (data: Buffer) => {
        ran.stdout += data.toString("latin1");
      });
      channel.stderr.on("data", (data: Buffer) => {
        ran.stderr += data.toString("latin1");
      });
      channel.on("exit", (code: number | null, signal?: string) => Object.assign(ran, { code, signal }));
      channel.on("close", () => done(ran));
      channel.end(input);
    });
  });
}

/** An HTTP GET through direct-tcpip; rejects when the host refuses the forwarding. */
export function getThrough(client: Client, port: number, path: string): Promise<string> {
  return new Promise((done, fail) => {
    client.forwardOut("127.0.0.1", 0, "127.0.0.1", port, (error, channel) => {
      if (error) return fail(error);
      let answer = "";
      channel.on("data", (data: Buffer) => {
        answer += data.toString();
      });
      channel.on("close", () => done(answer));
      channel.end(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    });
  });
}
