import { expect, test } from "@jest/globals";
import {
  driftRemarks,
  type Examination,
  hostRemarks,
  makeProblem,
  type ReachedHost,
  renderRemarks,
} from "../src/index.ts";

const examined: Examination = {
  ...{
    clock: 0,
    umask: "0022",
    closed: [],
    apart: [],
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
  current: { kind: "release", release: "1" },
} as unknown as ReachedHost;
const expected = { user: "deploy", services: ["gunicorn shop.service"], port: 8080, keep: 5 };
const look = (change: Partial<Examination>, more: object = {}, known: object = {}) =>
  hostRemarks(
    { facts: { ...facts, ...known }, examined: { ...examined, ...change }, ahead: 0, unsure: 0, ...more },
    expected,
  );

test("a server as it should be has a line for each thing, all ok", () => {
  const remarks = look({});
  expect([...new Set(remarks.map(({ level }) => level))]).toEqual(["ok"]);
  expect(remarks.map(({ about }) => about)).toEqual([
    "ssh",
    "clock",
    "disk",
    "folders",
    "secrets",
    "debug",
    "port",
    "gunicorn shop.service",
  ]);
});

test.each([
  ["stop", "clock", {}, { ahead: -94, unsure: 1 }, {}, "94 s behind"],
  ["warn", "clock", {}, { ahead: 4, unsure: 1 }, {}, "4 s ahead"],
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
  ["stop", "file system", { apart: ["/srv/shop/releases"] }, {}, {}, "nothing can be switched by a rename"],
  ["warn", "secrets", { readable: true }, {}, {}, "everybody on the server may read shared/.env"],
  ["warn", "debug", { debug: ["APP_DEBUG"], stage: ["NODE_ENV"] }, {}, {}, "APP_DEBUG, NODE_ENV"],
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
  expect(look({}, { ahead: 5, unsure: 4 }).filter(({ level }) => level !== "ok")).toEqual([]);
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

test("servers that differ are listed", () => {
  const other = { facts: { ...facts, host: "web2" }, examined: { ...examined, system: "Debian 13" } };
  expect(driftRemarks([{ facts, examined }, other])).toEqual([
    {
      level: "warn",
      about: "drift",
      text: "servers differ in their system (web1: Debian 12; web2: Debian 13)",
    },
  ]);
  expect(driftRemarks([{ facts, examined }])[0]?.level).toBe("ok");
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
