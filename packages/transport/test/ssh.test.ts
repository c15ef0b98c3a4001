import { Secret } from "@deploy/core";
import { shell, testKeys } from "@deploy/testkit";
import { afterAll, describe, expect, test } from "@jest/globals";
import { fingerprint } from "../src/keys/fingerprint.ts";
import { readPrivateKey } from "../src/keys/privateKey.ts";
import { connectError } from "../src/ssh/connectErrors.ts";
import { sshConnector } from "../src/ssh/connector.ts";
import { Unreached } from "../src/ssh/dial.ts";
import { Closing, hostAt, keys, problemWith, sshHost, tcpServer } from "./servers.ts";

const closing = new Closing();
afterAll(() => closing.close());

const pin = (port: number) => `[127.0.0.1]:${port} ${testKeys().public.split(" ").slice(0, 2).join(" ")}`;
const privateKey = new Secret(keys.private);
const printOf = (line: string) => fingerprint(Buffer.from(line.split(" ").at(-1) ?? "", "base64"));
const noWait = { now: () => 0, sleep: async () => {} };

describe("a host key that is not trusted", () => {
  test("mismatch: both fingerprints are shown", async () => {
    const { server, connector } = await sshHost(closing);
    const other = pin(server.port);
    const { code, message, place } = await problemWith(connector({ knownHosts: other })(server.host));
    expect({ code, message, place }).toEqual({
      code: "host-key-mismatch",
      message: `127.0.0.1:${server.port} offers the ssh-ed25519 key ${printOf(server.knownHostsLine)}, but known-hosts pins ${printOf(other)}`,
      place: { host: server.host.name },
    });
  });

  test("unknown: the line to add is shown", async () => {
    const { server, connector } = await sshHost(closing);
    const found = await problemWith(connector({ knownHosts: pin(1) })(server.host));
    expect({ code: found.code, line: found.hint.includes(server.knownHostsLine) }).toEqual({
      code: "host-key-unknown",
      line: true,
    });
  });

  test("only a certificate authority: named", async () => {
    const { server, connector } = await sshHost(closing);
    const found = await problemWith(
      connector({ knownHosts: `@cert-authority ${server.knownHostsLine}` })(server.host),
    );
    expect([found.code, found.message]).toEqual([
      "host-key-unknown",
      `No line of known-hosts names ${server.host.name} (only a @cert-authority line does, and host certificates are not supported)`,
    ]);
  });

  test("revoked wins", async () => {
    const { server, connector } = await sshHost(closing);
    const knownHosts = `${server.knownHostsLine}\n@revoked * ${server.knownHostsLine.split(" ").slice(1).join(" ")}`;
    const found = await problemWith(connector({ knownHosts })(server.host));
    expect([found.code, found.message]).toEqual([
      "host-key-revoked",
      `${server.host.name} offers the ssh-ed25519 key ${printOf(server.knownHostsLine)}, which line 2 of known-hosts revokes`,
    ]);
  });

  test("empty known-hosts: nothing is connected to", async () => {
    const { server, connector } = await sshHost(closing);
    const found = await problemWith(connector({ knownHosts: "# later\n" })(server.host));
    expect({
      code: found.code,
      scan: found.hint.includes(`ssh-keyscan -p ${server.port} 127.0.0.1`),
      seen: server.connections(),
    }).toEqual({
      code: "known-hosts-missing",
      scan: true,
      seen: 0,
    });
  });

  test("an unpinned type is not even offered", async () => {
    const { server, connector } = await sshHost(closing);
    const rsa = `[127.0.0.1]:${server.port} ssh-rsa SHA256:${"A".repeat(43)}`;
    const found = await problemWith(connector({ knownHosts: rsa })(server.host));
    expect([found.code, found.message]).toEqual([
      "host-key-mismatch",
      `${server.host.name} offers no host key of a pinned type: known-hosts pins ssh-rsa SHA256:${"A".repeat(43)}`,
    ]);
  });

  test("a SHA256 pin is enough", async () => {
    const { server, connector } = await sshHost(closing);
    const knownHosts = `[127.0.0.1]:${server.port} ${printOf(server.knownHostsLine)}`;
    const transport = await connector({ knownHosts })(server.host);
    await transport.close();
    expect(server.connections()).toBe(1);
  });

  test("a wrong SHA256 pin stays wrong after every type was asked for", async () => {
    const { server, connector } = await sshHost(closing);
    const knownHosts = `[127.0.0.1]:${server.port} SHA256:${"A".repeat(43)}`;
    expect((await problemWith(connector({ knownHosts })(server.host))).code).toBe("host-key-mismatch");
  });

  test("lines that cannot be read are told all at once", () => {
    expect(() => sshConnector({ knownHosts: "a b\nc d", privateKey })).toThrow(
      "known-hosts-invalid · known-hosts:1 · Line 1 of known-hosts cannot be read: the key is missing.",
    );
  });
});

describe("a connection that cannot be made", () => {
  const connect = (port: number, more = {}) =>
    sshConnector({ knownHosts: pin(port), privateKey, clock: noWait, ...more })(hostAt(port));

  test("wrong key: user and fingerprint are named", async () => {
    const { server, connector } = await sshHost(closing);
    const other = new Secret(testKeys().private);
    const found = await problemWith(connector({ privateKey: other })(server.host));
    expect([found.code, found.message]).toEqual([
      "auth-refused",
      `${server.host.name} refused the user deploy with ${readPrivateKey(other).print}`,
    ]);
  });

  test("wrong user", async () => {
    const { server, connector } = await sshHost(closing);
    const found = await problemWith(connector()({ ...server.host, username: "root" }));
    expect(found.code).toBe("auth-refused");
  });

  test("an agent that is not there", async () => {
    const { server } = await sshHost(closing);
    const connect = sshConnector({ knownHosts: server.knownHostsLine, agent: "/nonexistent/agent.sock" });
    expect((await problemWith(connect(server.host))).code).toBe("agent-unavailable");
  });

  test("neither key nor agent", () => {
    expect(() => sshConnector({ knownHosts: "x" })).toThrow(
      "Neither ssh-private-key nor an ssh-agent is given",
    );
  });

  test("refused", async () => {
    const gone = new Closing();
    const port = await tcpServer(gone, () => {});
    await gone.close();
    const { code, message } = await problemWith(connect(port));
    expect([code, message]).toEqual(["connect-refused", `127.0.0.1 port ${port} refused the connection`]);
  });

  test("a name with several addresses: those that lead nowhere are not waited for", async () => {
    const { server, connector } = await sshHost(closing);
    const unrouted = ["2001:db8::1", "192.0.2.1", "127.0.0.1"];
    const host = { ...server.host, address: "web1.example.com" };
    const knownHosts = server.knownHostsLine.replace("127.0.0.1", host.address);
    const transport = await connector({ knownHosts, lookup: async () => unrouted })(host);
    const said = await transport.exec(shell("echo in"));
    await transport.close();
    expect([said.stdout, server.connections()]).toEqual(["in\n", 1]);
  });

  test("a name of which no address answers: each is told with its error", async () => {
    const gone = new Closing();
    const port = await tcpServer(gone, () => {});
    await gone.close();
    const lookup = async () => ["127.0.0.1", "127.0.0.2"];
    const host = hostAt(port, "web1.example.com");
    const found = await problemWith(
      sshConnector({ knownHosts: `* ${pin(1).split(" ").slice(1).join(" ")}`, privateKey, lookup })(host),
    );
    expect([found.code, found.message, found.hint]).toEqual([
      "connect-refused",
      `web1.example.com port ${port} was reached at none of its addresses: 127.0.0.1 refused the connection; 127.0.0.2 refused the connection`,
      expect.stringContaining(`ssh -p ${port} deploy@127.0.0.1`),
    ]);
  });

  test.each([
    [["ENETUNREACH", "ETIMEDOUT"], "connect-timeout"],
    [["ENETUNREACH", "EHOSTUNREACH"], "connect-unreachable"],
    [["ENETUNREACH", "ECONNRESET"], "connect-unreachable"],
    [["ECONNRESET"], "connect-failed"],
  ])("%j is %s", (codes, problem) => {
    const tried = codes.map((code, index) => ({ address: `192.0.2.${index}`, code }));
    const offer = { words: "a key", taken: false, left: undefined };
    const { code, message } = connectError(new Unreached(tried), {
      host: hostAt(22, "web1"),
      stage: "tcp",
      timeout: 20_000,
      offer,
    }).problem;
    expect([code, tried.every(({ address }) => message.includes(address))]).toEqual([problem, true]);
  });

  test("no such name", async () => {
    const host = hostAt(22, "no-such-host.invalid");
    const found = await problemWith(sshConnector({ knownHosts: pin(22), privateKey })(host));
    expect(found.code).toBe("connect-dns");
  });

  test("silence after the connection", async () => {
    const port = await tcpServer(closing, () => {});
    const { code, message } = await problemWith(connect(port, { handshakeTimeout: 2_000 }));
    expect([code, message]).toEqual([
      "handshake-stalled",
      `127.0.0.1 port ${port} took the connection but did not finish within 2 s: it never said who it is`,
    ]);
  });

  test("silence after the banner", async () => {
    const port = await tcpServer(closing, (socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
    const { code, message } = await problemWith(connect(port, { handshakeTimeout: 2_000 }));
    expect([code, message]).toEqual([
      "handshake-stalled",
      `127.0.0.1 port ${port} took the connection but did not finish within 2 s: it stopped at the handshake stage`,
    ]);
  });

  test("not an SSH server", async () => {
    const port = await tcpServer(closing, (socket) => socket.end("SSH-1.0-ancient\r\n"));
    expect((await problemWith(connect(port))).code).toBe("handshake-failed");
  });

  test("hung up before the banner: asked again, then told", async () => {
    let seen = 0;
    const port = await tcpServer(closing, (socket) => {
      seen++;
      socket.end("Exceeded MaxStartups\r\n");
    });
    const { code } = await problemWith(connect(port, { attempts: 4 }));
    expect({ code, seen }).toEqual({ code: "connect-closed", seen: 4 });
  });

  test("a busy server is reached in the end", async () => {
    const { server, connector } = await sshHost(closing);
    server.refuse(3);
    const transport = await connector({ clock: noWait })(server.host);
    await transport.close();
    expect(server.connections()).toBe(4);
  });

  test("stopped by the run", async () => {
    const stop = new AbortController();
    const port = await tcpServer(closing, () => stop.abort());
    const connect = sshConnector({ knownHosts: pin(port), privateKey });
    expect((await problemWith(connect(hostAt(port), stop.signal))).code).toBe("connect-stopped");
  });
});

describe("a fleet", () => {
  test("connections are started a few at a time", async () => {
    let [now, most] = [0, 0];
    const port = await tcpServer(closing, (socket) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        socket.destroy();
      }, 20);
    });
    const connect = sshConnector({ knownHosts: pin(port), privateKey, starts: 3, attempts: 1 });
    const codes = await Promise.all(
      Array.from({ length: 10 }, async () => (await problemWith(connect(hostAt(port)))).code),
    );
    expect({ codes: new Set(codes), most: most <= 3 }).toEqual({
      codes: new Set(["connect-closed"]),
      most: true,
    });
  });

  test("one connection serves commands and requests", async () => {
    const { server, connector } = await sshHost(closing);
    const transport = await connector()(server.host);
    await Promise.all([1, 2, 3].map((n) => transport.exec(shell('echo "$1"', [String(n)]))));
    await transport.close();
    expect(server.connections()).toBe(1);
  });
});
