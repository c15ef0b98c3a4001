import { parseHosts } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { inputs, outcome } from "./helpers.ts";

const address = "a host name or IP address (letters, digits, dots, hyphens)";
const user = "a user name (a-z, 0-9, _ . -, at most 32, starting with a letter or _)";
const port = "a port from 1 to 65535";

const called = "a name for people of letters, digits and . _ - (at most 64), which is no address";

describe("host lines", () => {
  test.each([
    ["u@web1", { name: "web1", address: "web1", port: 22, username: "u", roles: [] }],
    [
      "u@WEB1.Example.com:22",
      { name: "web1.example.com", address: "web1.example.com", port: 22, username: "u", roles: [] },
    ],
    ["web1:2222", { name: "web1:2222", address: "web1", port: 2222, username: "me", roles: [] }],
    [
      "web1 port=2222 roles=web,worker,web",
      { name: "web1:2222", address: "web1", port: 2222, username: "me", roles: ["web", "worker"] },
    ],
    ["\tweb_1\troles=db  ", { name: "web_1", address: "web_1", port: 22, username: "me", roles: ["db"] }],
    ["svc$@10.0.0.1", { name: "10.0.0.1", address: "10.0.0.1", port: 22, username: "svc$", roles: [] }],
    ["::1", { name: "::1", address: "::1", port: 22, username: "me", roles: [] }],
    [
      "u@[2001:DB8:0:0::1]:23",
      { name: "[2001:db8::1]:23", address: "2001:db8::1", port: 23, username: "u", roles: [] },
    ],
    [
      "u@10.0.0.5:2222 name=Web1",
      { name: "web1", address: "10.0.0.5", port: 2222, username: "u", roles: [] },
    ],
    ["[::1]", { name: "::1", address: "::1", port: 22, username: "me", roles: [] }],
    ["2001:db8::22", { name: "2001:db8::22", address: "2001:db8::22", port: 22, username: "me", roles: [] }],
    ["u@web1 via=sftp", { name: "web1", address: "web1", port: 22, username: "u", roles: [], via: "sftp" }],
    ["u@web1 via=ftps", { name: "web1", address: "web1", port: 21, username: "u", roles: [], via: "ftps" }],
    [
      "u@web1:2121 via=ftp",
      { name: "web1:2121", address: "web1", port: 2121, username: "u", roles: [], via: "ftp" },
    ],
    [
      "u@web1 via=ftps-implicit",
      { name: "web1", address: "web1", port: 990, username: "u", roles: [], via: "ftps-implicit" },
    ],
    ["web1 via=ssh", { name: "web1", address: "web1", port: 22, username: "me", roles: [] }],
    ["fe80::1%eth0", { name: "fe80::1%eth0", address: "fe80::1%eth0", port: 22, username: "me", roles: [] }],
  ])("%s", (line, host) => {
    expect(parseHosts(line, { username: "me" })).toEqual([host]);
  });

  test.each([
    ["-oProxyCommand=x", address, '"-oProxyCommand=x"'],
    ["web1.", address, '"web1."'],
    ["a..b", address, '"a..b"'],
    ["web-", address, '"web-"'],
    ["300.1.1.1", address, '"300.1.1.1"'],
    ["1.2.3", address, '"1.2.3"'],
    ["[::1", address, '"[::1"'],
    ["[web1]", address, '"[web1]"'],
    [":::1", address, '":::1"'],
    ["::1::", address, '"::1::"'],
    ["fe80::1%", address, '"fe80::1%"'],
    ["web1/x", address, '"web1/x"'],
    ["wéb", address, '"wéb"'],
    ["*", address, '"*"'],
    ["U@web1", user, '"U"'],
    ["a@b@web1", user, '"a@b"'],
    ["-l@web1", user, '"-l"'],
    ["@web1", user, '""'],
    [`${"a".repeat(33)}@web1`, user, `"${"a".repeat(33)}"`],
    ["web1:", port, '""'],
    ["web1:0", port, '"0"'],
    ["web1:65536", port, '"65536"'],
    ["web1:22x", port, '"22x"'],
    ["web1:+22", port, '"+22"'],
    ["[::1]:ssh", port, '"ssh"'],
    ["web1 name=10.0.0.5", called, '"10.0.0.5"'],
    ["web1 name=$(id)", called, '"$(id)"'],
    ["web1 port=", port, '""'],
    ["web1:23 port=24", "the port once", "23 and port=24"],
    ["web1 port=1 port=1", "port= once", "it twice"],
    ["web1 via=scp", "via=ssh or via=sftp or via=ftps or via=ftps-implicit or via=ftp", '"scp"'],
    ["web1 web", "roles=…, name=…, port=… or via=…", '"web"'],
    ["web1 __proto__=x", "roles=…, name=…, port=… or via=…", '"__proto__=x"'],
  ])("%s is refused", (line, expected, got) => {
    const lines = outcome(() => parseHosts(line, { username: "me" }));
    expect(lines).toEqual([`input hosts:1: expected ${expected}, got ${got}`]);
  });

  test("are read one per line, without blank and comment lines, all problems at once", () => {
    expect(parseHosts("# web\nu@a\r\n\n  u@b:23\n").map((host) => host.name)).toEqual(["a", "b:23"]);
    expect(outcome(() => parseHosts("a\n\nu@b\nb2 role=x\nu@b", { input: "jump-host" }))).toEqual([
      "input jump-host:1: expected a user for a, got nothing. Write user@a, or set username.",
      'input jump-host:4: expected roles=…, name=…, port=… or via=…, got "role=x". Did you mean "roles"?',
      "input jump-host:5: expected each host once, got b again (first on line 3)",
    ]);
  });

  test("name the host that another spelling of the address would repeat", () => {
    expect(outcome(() => parseHosts("u@::1\nu@[0:0::1]:22"))).toEqual([
      "input hosts:2: expected each host once, got ::1 again (first on line 1)",
    ]);
  });
});

test("a name is one host's, a server is there once, and leader and without know both", () => {
  expect(outcome(() => parseHosts("u@10.0.0.1 name=a\nu@10.0.0.2 name=a\nu@10.0.0.1"))).toEqual([
    "input hosts:2: expected another name for each host, got a again (first on line 1)",
    "input hosts:3: expected each host once, got 10.0.0.1 again (first on line 1)",
  ]);
  const hosts = "u@10.0.0.1 name=a\nu@10.0.0.2:23 name=b\nu@10.0.0.3 name=c";
  const read = inputs({ deployTo: "/srv/shop", hosts, leader: "10.0.0.2:23", without: "10.0.0.3" });
  expect("hosts" in read && [read.leader, read.without, read.hosts.map(({ name }) => name)]).toEqual([
    "b",
    ["c"],
    ["a", "b"],
  ]);
});

describe("hosts that are left out", () => {
  const three = { deployTo: "/srv/shop", hosts: "u@web1\nu@web2\nu@web3:23" };
  const left = (without: string) => {
    const read = inputs({ ...three, without });
    return "hosts" in read ? [read.without, read.hosts.map(({ name }) => name)] : read;
  };

  test.each([
    ["web2", ["web2"], ["web1", "web3:23"]],
    ["web3,u@web2", ["web2", "web3:23"], ["web1"]],
    ["web2\nweb3:23", ["web2", "web3:23"], ["web1"]],
    [" ", undefined, ["web1", "web2", "web3:23"]],
  ])("%j", (without, out, rest) => {
    expect(left(without)).toEqual([out, rest]);
  });

  test.each([
    ["web1", "expected hosts beside the leader, got web1, which is the leader"],
    ["web4", 'expected one of the hosts (web1, web2, web3:23), got "web4"'],
  ])("%j is refused", (without, message) => {
    expect(left(without)).toEqual([expect.stringContaining(message)]);
  });
});
