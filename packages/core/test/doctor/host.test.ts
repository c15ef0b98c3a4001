import { expect, test } from "@jest/globals";
import {
  driftRemarks,
  hostRemarks,
  remarksHeadline,
  remarksMarkdown,
  renderRemarks,
  stopProblems,
} from "../../src/doctor/index.ts";
import { type Examination, makeProblem, type ReachedHost, type Remark } from "../../src/index.ts";

const examined: Examination = {
  ...{
    umask: "0022",
    noisy: false,
    closed: [],
    readable: false,
    debug: [],
    stage: [],
    listens: "own",
    system: "Debian 12",
  },
  checks: [{ code: 0, said: "" }],
};
const facts = {
  ...{ host: "web1", reached: true, user: "deploy", freeBytes: 9e9, freeInodes: 1e6, releases: [] },
  ...{
    skew: { ahead: 0, unsure: 0 },
    writable: true,
    missingShared: [],
    tools: { tar: true, sha256sum: true },
  },
  current: { kind: "release", release: "1" },
} as unknown as ReachedHost;
const unit = { about: "gunicorn shop.service", level: "stop", run: ":", good: "it can be told" } as const;
const expected = {
  ...{ deployTo: "/srv/shop", questions: [unit], port: 8080, keep: 5, prepares: true },
  health: "http://127.0.0.1:8080/up",
};
const well = { took: 12, cached: false };
const look = (change: Partial<Examination>, more: object = {}, known: object = {}) =>
  hostRemarks(
    {
      ...{ facts: { ...facts, ...known }, examined: { ...examined, ...change } },
      ...{ answered: well, ...more },
    },
    expected,
  );

test("a server as it should be has a line for each thing, all ok", () => {
  const remarks = look({});
  expect([...new Set(remarks.map(({ level }) => level))]).toEqual(["ok"]);
  expect(remarks.map(({ about }) => about)).toEqual([
    "ssh",
    "shell",
    "clock",
    "disk",
    "folders",
    "tools",
    "secrets",
    "debug",
    "port",
    "health",
    "gunicorn shop.service",
  ]);
});

test.each([
  ["warn", "clock", {}, {}, { skew: { ahead: -94, unsure: 1 } }, "94 s behind"],
  ["warn", "clock", {}, {}, { skew: { ahead: 4, unsure: 1 } }, "4 s ahead"],
  [
    "warn",
    "disk",
    {},
    {},
    { releases: [{ weight: { bytes: 8e9, inodes: 1 } }] },
    "two more releases of 8000 MB",
  ],
  ["stop", "disk", {}, {}, { freeBytes: 1e6 }, "only 1 MB"],
  ["warn", "folders", { closed: ["/home/deploy"] }, {}, {}, "/home/deploy lets only its owner in"],
  ["stop", "file system", {}, {}, { apart: ["/srv/shop/releases"] }, "nothing can be switched by a rename"],
  ["warn", "secrets", { readable: true }, {}, {}, "everybody on the server may read shared/.env"],
  ["warn", "debug", { debug: ["APP_DEBUG"], stage: ["NODE_ENV"] }, {}, {}, "APP_DEBUG, NODE_ENV"],
  ["warn", "shell", { noisy: true }, {}, {}, "it prints something before each command"],
  ["warn", "folders", { umask: "0077" }, {}, {}, "a umask of 0077 hides"],
  ["stop", "folders", {}, {}, { writable: false }, "deploy may not write to /srv/shop"],
  ["stop", "tools", {}, {}, { tools: { openssl: true } }, "tar is not there"],
  ["stop", "shared/.env", {}, {}, { missingShared: [".env"] }, "it is not there"],
  ["warn", "health", {}, { answered: { ...well, fault: "answered 301 to https" } }, {}, "/up answered 301"],
  ["warn", "health", {}, { answered: { ...well, cached: true } }, {}, "a cache answers"],
  ["warn", "health", {}, { answered: { ...well, took: 2500 } }, {}, "takes 2.5 s"],
  [
    "warn",
    "pool",
    {},
    {},
    { standing: "out", drained: { by: "run-1", since: "noon" } },
    "by run-1 since noon",
  ],
  ["unknown", "pool", {}, {}, { standing: "unread" }, "could not be asked"],
  ["unknown", unit.about, { checks: [{ code: 69, said: "deploy: no sudo" }] }, {}, {}, "no sudo"],
  ["warn", "port", { listens: "all" }, {}, {}, "8080 is open to everybody"],
  ["warn", "port", { listens: "nobody" }, {}, {}, "nobody listens on 8080, though a release is live"],
  [
    "stop",
    "gunicorn shop.service",
    { checks: [{ code: 1, said: "noise\ndeploy: there is no unit shop.service\n" }] },
    {},
    {},
    "there is no unit shop.service",
  ],
] as const)("%s %s", (level, about, change, more, known, text) => {
  const bad = look(change, more, known).filter((remark) => remark.level !== "ok");
  expect(bad).toEqual([
    expect.objectContaining({ level, about, host: "web1", text: expect.stringContaining(text) }),
  ]);
});

test("a clock that is off by less than asking took is right", () => {
  expect(look({}, {}, { skew: { ahead: 5, unsure: 4 } }).filter(({ level }) => level !== "ok")).toEqual([]);
});

test("before the first release nobody need listen", () => {
  expect(
    look({ listens: "nobody" }, {}, { current: { kind: "none" } }).filter(({ level }) => level !== "ok"),
  ).toEqual([]);
});

test("a server that is not reached is a stop with its own next move, one that does not answer is not known", () => {
  const problem = makeProblem("connect-refused", "web2 refused");
  const lost = hostRemarks({ facts: { host: "web2", reached: false, problem } }, expected);
  expect(lost).toEqual([
    { level: "stop", about: "ssh", host: "web2", text: "web2 refused", fix: problem.hint },
  ]);
  expect(hostRemarks({ facts }, expected).map(({ level }) => level)).toEqual(["ok", "unknown"]);
});

test("servers that differ are listed by what differs, digests without their values", () => {
  const said = (text: string) => ({ checks: [{ code: 0, said: `alike: ${text}` }] });
  const one = { facts: { ...facts, folder: "a" }, examined: { ...examined, ...said("1 2") } };
  const other = {
    facts: { ...facts, host: "web2", folder: "a", current: { kind: "release", release: "2" } as const },
    examined: { ...examined, system: "Debian 13", ...said("3 4") },
  };
  const told = driftRemarks([one, other], () => expected);
  expect(told.map(({ level, text, fix }) => [level, text, fix])).toEqual([
    [
      "warn",
      "servers differ in their system (web1: Debian 12; web2: Debian 13)",
      "make system the same on all of them",
    ],
    ["warn", "servers differ in their live release (web1: 1; web2: 2)", "deploy reconcile"],
    [
      "warn",
      "servers differ in their gunicorn shop.service (web1 | web2)",
      "make gunicorn shop.service the same on all of them",
    ],
    ["stop", "its deploy-to is one and the same folder as on web1", "name each server once"],
  ]);
  expect(driftRemarks([one], () => expected).map(({ level, text }) => [level, text])).toEqual([
    ["ok", "the same on every server: system, live release, gunicorn shop.service"],
  ]);
});

test("the worst comes first, with what mends it, and a sum", () => {
  expect(
    renderRemarks([
      { level: "ok", about: "ssh", host: "web1", text: "logged in" },
      { level: "unknown", about: "address", text: "no url" },
      { level: "stop", about: "disk", host: "web1", text: "full", fix: "make room" },
    ]),
  ).toBe(`stop       web1 disk: full
           → make room
not known  address: no url
ok         web1 ssh: logged in

1 stop · 0 warn · 1 not known · 1 ok`);
});

test("an action's page has the verdict first, what to mend as a table, and what is well closed below", () => {
  const remarks: readonly Remark[] = [
    { level: "ok", about: "ssh", host: "web1", text: "logged in as deploy" },
    {
      level: "warn",
      about: "pool",
      host: "web2",
      text: "taken out | by <b>",
      fix: "deploy reconcile",
      inAction: "Run it.",
    },
    { level: "stop", about: "disk", host: "web1", text: "full", fix: "run `df -h` there" },
  ];
  const headline = remarksHeadline(remarks, "shop on production");
  expect(
    remarksMarkdown(remarks, headline),
  ).toBe(`### shop on production: 1 thing to mend before the next deploy

|  | where | found | what mends it |
| --- | --- | --- | --- |
| **stop** | web1 disk | full | run \`df -h\` there |
| warn | web2 pool | taken out \\| by &lt;b&gt; | Run it. |

<details><summary>1 ok</summary>

- web1 ssh: logged in as deploy

</details>`);
  expect(stopProblems(remarks)).toEqual([
    expect.objectContaining({ code: "host-unfit", message: "disk: full", place: { host: "web1" } }),
  ]);
  expect([remarksHeadline(remarks.slice(0, 2), "x"), remarksHeadline(remarks.slice(0, 1), "x")]).toEqual([
    "x: deploys work, 1 thing to look at",
    "x: nothing to mend",
  ]);
});
