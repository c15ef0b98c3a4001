import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Secret } from "@deploy/core";
import {
  type FleetHost,
  needs,
  type SshdFleet,
  shell,
  sshdFleet,
  type TcpProxy,
  tcpProxy,
  transportContract,
  until,
} from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type SshOptions, sshConnector } from "../src/ssh/connector.ts";
import { Closing, problemWith } from "./servers.ts";

const parts = needs("sshd");

const folder = mkdtempSync(join(tmpdir(), "transport-"));
const closing = new Closing();
afterAll(async () => {
  await closing.close();
  rmSync(folder, { recursive: true });
});

/** A key pair by ssh-keygen, which writes what users have. */
function keygen(name: string, type: string, ...more: string[]) {
  const path = join(folder, name);
  const phrase = more.includes("-N") ? [] : ["-N", ""];
  execFileSync("ssh-keygen", ["-q", "-t", type, "-f", path, "-C", name, ...phrase, ...more]);
  const print = (
    execFileSync("ssh-keygen", ["-lf", `${path}.pub`])
      .toString()
      .split(" ")[1] ?? ""
  ).trim();
  return {
    path,
    print,
    private: execFileSync("cat", [path]).toString(),
    public: execFileSync("cat", [`${path}.pub`])
      .toString()
      .trim(),
  };
}

async function fleetWith(
  ...config: string[]
): Promise<{ fleet: SshdFleet; host: FleetHost; connector: typeof connectorOf }> {
  const fleet = await sshdFleet({ hosts: [{ config }], namespaces: false });
  closing.add(() => fleet.close());
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error("no host");
  return { fleet, host, connector: connectorOf };
}

const connectorOf = (fleet: SshdFleet, more: Partial<SshOptions> = {}) =>
  sshConnector({ knownHosts: fleet.knownHosts(), privateKey: new Secret(fleet.keys.private), ...more });

needs("sshd", "ip")("a name in the system's own look-up", () => {
  test("of which the first address leads to nobody: the next is tried beside it", async () => {
    const fleet = await sshdFleet({ hosts: 1 });
    closing.add(() => fleet.close());
    const [server] = fleet.hosts;
    if (server === undefined) throw new Error("no host");
    // As near to us as the host's own, so that the system does not put it last.
    const nobody = server.address.replace(/2$/, "3");
    const host = { ...server.host, address: "web1.example.com" };
    const hosts = join(folder, "hosts");
    writeFileSync(hosts, [nobody, server.address].map((address) => `${address} ${host.address}\n`).join(""));
    const program = fileURLToPath(new URL("reach.ts", import.meta.url));
    const line = 'mount --bind "$1" /etc/hosts && exec "$2" "$3"';
    const told = execFileSync("unshare", ["-m", "sh", "-c", line, "sh", hosts, process.execPath, program], {
      input: JSON.stringify({
        host,
        knownHosts: server.knownHostsLine().replace(server.address, host.address),
        key: fleet.keys.private,
      }),
    });
    expect(`${told}`).toBe(`${nobody}\n${server.address}\nconnected\n`);
  });
});

parts("over OpenSSH", () => {
  let fleet: SshdFleet;
  beforeAll(async () => {
    ({ fleet } = await fleetWith("MaxSessions 12"));
  });

  transportContract("ssh to OpenSSH", async () => {
    const [host] = fleet.hosts;
    if (host === undefined) throw new Error("no host");
    const proxy = await tcpProxy({ to: { host: host.address, port: host.port } });
    const knownHosts = host.knownHostsLine().replace(`:${host.port}`, `:${proxy.port}`);
    const connect = connectorOf(fleet, { knownHosts, ahead: 2 });
    const transport = await connect({ ...host.host, address: proxy.address, port: proxy.port });
    return {
      transport,
      cut: async () => void proxy.reset(),
      dispose: async () => {
        await transport.close();
        await proxy.close();
      },
    };
  });
});

/** The shortest that a busy machine does not take for a loss. */
const keepalive = { interval: 500, count: 8 };

/** Until the server has answered so many keepalives; nothing else comes while the window is shut. */
async function answered(proxy: TcpProxy, times: number): Promise<void> {
  for (let seen = 0; seen < times; seen++) {
    const { toServer } = proxy.bytes();
    await until("a keepalive", () => proxy.bytes().toServer > toServer);
  }
}

parts("OpenSSH's limits and moods", () => {
  test.each([
    ["MaxSessions 1", 0],
    ["MaxSessions 1", 2],
    ["MaxSessions 2", 2],
  ])("%s: refused channels are asked for again, with %i opened ahead", async (limit, ahead) => {
    const { fleet, host, connector } = await fleetWith(limit);
    const transport = await connector(fleet, { ahead })(host.host);
    const results = await Promise.all(
      [1, 2, 3].map((n) => transport.exec(shell('sleep 0.1; echo "$1"', [String(n)]))),
    );
    await transport.close();
    expect(results.map(({ stdout }) => stdout)).toEqual(["1\n", "2\n", "3\n"]);
  });

  test("MaxSessions 0: nothing was run, and it is said so", async () => {
    const { fleet, host, connector } = await fleetWith("MaxSessions 0");
    const clock = { now: () => 0, sleep: async () => {} };
    const transport = await connector(fleet, { clock })(host.host);
    const result = await transport.exec(shell("echo ran"));
    await transport.close();
    expect(result).toEqual({
      status: "unknown",
      reason: expect.stringMatching(/^the server opened no channel \(MaxSessions\?\), nothing was run: /),
      refused: true,
      stdout: "",
      stderr: "",
      dropped: 0,
    });
  });

  test("MaxStartups: a crowd gets in", async () => {
    const { fleet, host, connector } = await fleetWith("MaxStartups 2:100:2");
    const connect = connector(fleet, { attempts: 12 });
    const transports = await Promise.all(Array.from({ length: 24 }, () => connect(host.host)));
    await Promise.all(transports.map((transport) => transport.close()));
    expect(transports.length).toBe(24);
  });

  test("a stalled link is noticed by keepalive", async () => {
    const { fleet, host, connector } = await fleetWith();
    const proxy = await tcpProxy({ to: { host: host.address, port: host.port } });
    closing.add(() => proxy.close());
    const knownHosts = host.knownHostsLine().replace(`:${host.port}`, `:${proxy.port}`);
    const connect = connector(fleet, { knownHosts, keepalive });
    const transport = await connect({ ...host.host, address: proxy.address, port: proxy.port });
    const result = await transport.exec(shell("echo begun; sleep 600"), { onOutput: () => proxy.stall() });
    await transport.close();
    expect(result).toEqual({
      status: "unknown",
      reason: "the connection was lost: Keepalive timeout",
      stdout: "begun\n",
      stderr: "",
      dropped: 0,
    });
  });
});

parts("a stream over a bad network", () => {
  const over = async (more: Partial<SshOptions> = {}) => {
    const { fleet, host, connector } = await fleetWith();
    const proxy = await tcpProxy({ to: { host: host.address, port: host.port } });
    closing.add(() => proxy.close());
    const knownHosts = host.knownHostsLine().replace(`:${host.port}`, `:${proxy.port}`);
    const connect = connector(fleet, { knownHosts, ...more });
    return { proxy, transport: await connect({ ...host.host, address: proxy.address, port: proxy.port }) };
  };
  const taken = () => {
    const seen = { size: 0 };
    const sink = async (chunk: Uint8Array) => {
      seen.size += chunk.length;
    };
    return { seen, sink };
  };

  test.each([0, 40_000, 3_000_000])("ended in good order after %d bytes, it is unknown", async (bytes) => {
    const { proxy, transport } = await over();
    const { seen, sink } = taken();
    const more = async (chunk: Uint8Array) => {
      if (seen.size === 0) proxy.cutAfter(bytes + 1, "toClient");
      await sink(chunk);
    };
    const { status, stdout } = await transport.exec(shell("head -c 8454144 /dev/zero"), { sink: more });
    await transport.close();
    expect({ status, stdout, part: seen.size > 0 && seen.size < 8_454_144 }).toEqual({
      status: "unknown",
      stdout: "",
      part: true,
    });
  });

  test("stalled, it is unknown by keepalive; a slow sink is no stall", async () => {
    const { proxy, transport } = await over({ keepalive });
    const { seen, sink } = taken();
    const slow = async (chunk: Uint8Array) => {
      if (seen.size === 0) await answered(proxy, 2 * keepalive.count);
      await sink(chunk);
    };
    const whole = await transport.exec(shell("head -c 8388608 /dev/zero"), { sink: slow });
    const size = seen.size;
    const stall = async () => proxy.stall();
    const cut = await transport.exec(shell("head -c 8388608 /dev/zero; sleep 600"), { sink: stall });
    await transport.close();
    const silent = { stdout: "", stderr: "", dropped: 0 };
    expect({ whole, size, cut }).toEqual({
      whole: { status: "exited", code: 0, ...silent },
      size: 8_388_608,
      cut: { status: "unknown", reason: "the connection was lost: Keepalive timeout", ...silent },
    });
  });
});

parts("host keys of several types", () => {
  test.each(["rsa", "ecdsa", "ed25519"])("a %s pin by fingerprint alone is found", async (type) => {
    const all = ["rsa", "ecdsa", "ed25519"].map((kind) => keygen(`host-${type}-${kind}`, kind));
    const { fleet, host, connector } = await fleetWith(...all.map((key) => `HostKey ${key.path}`));
    const mine = all.find((key) => key.path.endsWith(`-${type}`));
    const transport = await connector(fleet, { knownHosts: `[${host.address}]:${host.port} ${mine?.print}` })(
      host.host,
    );
    const result = await transport.exec(shell("echo in"));
    await transport.close();
    expect(result.stdout).toBe("in\n");
  });

  test("an rsa pin is served by rsa, with SHA-2", async () => {
    const rsa = keygen("host-rsa-only", "rsa");
    const { fleet, host, connector } = await fleetWith(`HostKey ${rsa.path}`);
    const knownHosts = `[${host.address}]:${host.port} ${rsa.public}`;
    const transport = await connector(fleet, { knownHosts })(host.host);
    await transport.close();
    expect(host.log()).not.toMatch(/no matching/);
  });
});

parts("logging in", () => {
  const formats: [title: string, args: string[]][] = [
    ["ed25519", ["ed25519"]],
    ["ed25519 locked", ["ed25519", "-N", "horse"]],
    ["rsa", ["rsa", "-b", "2048"]],
    ["rsa PEM", ["rsa", "-b", "2048", "-m", "PEM"]],
    ["rsa PEM locked", ["rsa", "-b", "2048", "-m", "PEM", "-N", "horse"]],
    ["rsa PKCS8", ["rsa", "-b", "2048", "-m", "PKCS8"]],
    ["rsa PKCS8 locked", ["rsa", "-b", "2048", "-m", "PKCS8", "-N", "horse"]],
    ["ecdsa", ["ecdsa"]],
    ["ecdsa 521 PEM", ["ecdsa", "-b", "521", "-m", "PEM"]],
    ["ecdsa 384 PKCS8", ["ecdsa", "-b", "384", "-m", "PKCS8"]],
  ];
  test.each(formats.map(([title, args]) => ({ title, args })))("with $title", async ({ title, args }) => {
    const [type = "", ...more] = args;
    const key = keygen(`user ${title}`, type, ...more);
    const fleet = await sshdFleet({ hosts: 1, namespaces: false, keys: key });
    closing.add(() => fleet.close());
    const passphrase = args.includes("horse") ? { passphrase: new Secret("horse") } : {};
    const [host] = fleet.hosts;
    const transport = await connectorOf(fleet, passphrase)(host?.host ?? (undefined as never));
    const result = await transport.exec(shell("echo in"));
    await transport.close();
    expect(result.stdout).toBe("in\n");
  });

  /** An ssh-agent that holds these keys, in this order. */
  async function agentWith(name: string, ...held: readonly { readonly path: string }[]): Promise<string> {
    const socket = join(folder, `${name}.sock`);
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "pipe" });
    closing.add(() => agent.kill());
    await new Promise((resolve) => agent.stdout.once("data", resolve));
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    for (const { path } of held) execFileSync("ssh-add", ["-q", path], { env });
    return socket;
  }

  test("by an agent, which is not forwarded; full of keys, the one is named or the cure is", async () => {
    const key = keygen("agent-key", "ed25519");
    const others = [1, 2, 3].map((n) => keygen(`agent-other-${n}`, "ed25519"));
    const fleet = await sshdFleet({ hosts: [{ config: ["MaxAuthTries 2"] }], namespaces: false, keys: key });
    closing.add(() => fleet.close());
    const host = fleet.hosts[0]?.host ?? (undefined as never);
    const asked = async (agent: string, more: Partial<SshOptions> = {}) => {
      const transport = await sshConnector({ knownHosts: fleet.knownHosts(), agent, ...more })(host);
      const { stdout } = await transport.exec(shell('echo "agent:$SSH_AUTH_SOCK"'));
      await transport.close();
      return stdout;
    };
    expect(await asked(await agentWith("agent", key))).toBe("agent:\n");
    const full = await agentWith("full", ...others, key);
    const { code, message, hint } = await problemWith(asked(full));
    expect([code, message, hint]).toEqual([
      "auth-refused",
      `${host.name} hung up before all was tried that ${host.username} has to log in with: the 4 keys of the agent (MaxAuthTries)`,
      expect.stringContaining("--identity-file KEY.pub"),
    ]);
    expect(await asked(full, { agentKey: key.public })).toBe("agent:\n");
    const lacking = keygen("agent-lacking", "ed25519");
    expect((await problemWith(asked(full, { agentKey: lacking.public }))).code).toBe("agent-unavailable");
  });

  test.each([
    ["key", "publickey,password", /took a key of the user \S+ and asks for more \(password\)$/],
    ["agent", "publickey,password", /took a key of the user \S+ and asks for more/],
    ["key", "password", /takes no keys from the user \S+, only password$/],
  ])("by %s where the server wants %s: what it wants is told", async (by, methods, told) => {
    const key = keygen(`mfa-${by}-${methods.length}`, "ed25519");
    const config = ["PasswordAuthentication yes", `AuthenticationMethods ${methods}`];
    const fleet = await sshdFleet({ hosts: [{ config }], namespaces: false, keys: key });
    closing.add(() => fleet.close());
    const login =
      by === "key" ? { privateKey: new Secret(key.private) } : { agent: await agentWith(`mfa-${by}`, key) };
    const connect = sshConnector({ knownHosts: fleet.knownHosts(), ...login });
    const found = await problemWith(connect(fleet.hosts[0]?.host ?? (undefined as never)));
    expect([found.code, found.message, found.hint]).toEqual([
      "auth-refused",
      expect.stringMatching(told),
      expect.stringContaining("AuthenticationMethods publickey"),
    ]);
  });
});

parts("a jump host", () => {
  test("carries all, by one connection, and is verified too", async () => {
    const fleet = await sshdFleet({ hosts: 3, namespaces: false });
    closing.add(() => fleet.close());
    const [jump, ...behind] = fleet.hosts;
    if (jump === undefined) throw new Error("no host");
    const connect = connectorOf(fleet, { jumpHost: jump.host });
    const transports = await Promise.all(behind.map((host) => connect(host.host)));
    const results = await Promise.all(transports.map((transport) => transport.exec(shell("echo in"))));
    await Promise.all(transports.map((transport) => transport.close()));
    const accepted = jump.log().match(/Accepted publickey/g)?.length;
    expect({ said: results.map(({ stdout }) => stdout), accepted }).toEqual({
      said: ["in\n", "in\n"],
      accepted: 1,
    });

    const knownHosts = behind.map((host) => host.knownHostsLine()).join("\n");
    const found = await problemWith(
      connectorOf(fleet, { jumpHost: jump.host, knownHosts })(behind[0]?.host ?? jump.host),
    );
    expect([found.code, found.place]).toEqual(["host-key-unknown", { host: jump.host.name }]);

    await behind[0]?.stop();
    const gone = await problemWith(connect(behind[0]?.host ?? jump.host));
    expect([gone.code, gone.place]).toEqual(["connect-refused", { host: behind[0]?.name }]);
  });

  test("that forbids forwarding is named", async () => {
    const { fleet, host, connector } = await fleetWith("AllowTcpForwarding no");
    const connect = connector(fleet, { jumpHost: host.host });
    expect((await problemWith(connect({ ...host.host, name: "behind" }))).code).toBe("forwarding-refused");
  });
});

parts("a server that forbids forwarding", () => {
  test("is asked to use its own curl", async () => {
    const { fleet, host, connector } = await fleetWith("AllowTcpForwarding no");
    const server = createServer((request, response) => {
      if (request.url === "/silent") return;
      response.writeHead(302, { "X-Release": "4f2a91c", Location: "/up" }).end("elsewhere é");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.add(() => server.closeAllConnections());
    closing.add(() => server.close());
    const url = `http://shop.invalid:${(server.address() as AddressInfo).port}`;
    const rehearsal = { status: 0, headers: {}, body: "" };
    const transport = await connector(fleet)(host.host);
    const asked = { address: "127.0.0.1", timeout: 60_000, rehearsal };
    const { status, headers, body } = await transport.http({ ...asked, url: `${url}/x?$(id)'%20` });
    expect([status, headers["x-release"], headers.location, body]).toEqual([
      302,
      "4f2a91c",
      "/up",
      "elsewhere é",
    ]);
    const late = await problemWith(transport.http({ ...asked, url: `${url}/silent`, timeout: 300 }));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const refused = await problemWith(transport.http({ ...asked, url }));
    await transport.close();
    expect([late.code, refused.code]).toEqual(["http-timeout", "http-refused"]);
  });
});
