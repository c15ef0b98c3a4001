import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { maintenanceSite } from "../src/init/maintenance.ts";
import { begunOn, type DailyFleet, openDaily } from "./daily.ts";

const entry = join(import.meta.dirname, "../src/main.ts");

needs(
  "sshd",
  "ip",
  "systemctl",
  "nginx",
)("every day, on two real hosts", () => {
  let fleet: DailyFleet;
  beforeAll(async () => {
    fleet = await openDaily({
      logs: [{ file: "shared/log/app.log" }, { unit: "speaker.service", roles: ["web"] }],
      shared: { files: [".env"], directories: ["log"] },
      migrate: { run: "true", "env-file": ".env" },
      console:
        'stty -a | head -n 1; printf "ready %s\\n" "$GREETING"; read -r line; echo "said $line"; exit 5',
    });
  });
  afterAll(() => fleet?.close());

  describe("exec", () => {
    test("runs on the leader in the live folder with what steps get; code and bytes are the command's own", async () => {
      const run =
        'printf "%s|" "$DEPLOY_RELEASE" "$GREETING" "$(pwd)" "$1"; printf "\\0\\377" | od -An -tx1; exit 7';
      const { exitCode, out } = await fleet.deploy(["exec", "--", "sh", "-c", run, "sh", "it's; one"]);
      const { release } = fleet;
      const words = [release, "hello there", `/srv/shop/releases/${release}`, "it's; one"].join("|");
      expect([exitCode, out]).toEqual([7, `${words}| 00 ff\n`]);
    });

    test("what is piped in is the command's", async () => {
      const { exitCode, out } = await fleet.deploy(["exec", "--", "tr a-z A-Z; exit 3"], {
        piped: "one\ntwo",
      });
      expect([exitCode, out]).toEqual([3, "ONE\nTWO"]);
    });

    test("on all, under their names; a failure of one is 1", async () => {
      const second = fleet.hosts[1].name;
      const run = `case $(ip -4 addr) in *${second}/*) echo "no $(printf '\\033[2J')here" >&2; exit 4;; esac; echo yes`;
      const { exitCode, out, err } = await fleet.deploy(["exec", "--all", "--", run]);
      const width = Math.max(...fleet.hosts.map(({ name }) => name.length));
      expect([exitCode, out]).toEqual([1, `${fleet.hosts[0].name.padEnd(width)} | yes\n`]);
      expect(err).toBe(`${second.padEnd(width)} | no here\n${second}: exit code 4\n`);
    });

    test("a command that reads ends on the host when its connection is lost", async () => {
      const [host] = fleet.hosts;
      await fleet.on(host, "rm -f /srv/begun");
      // The server of this very connection is the first sshd above the command.
      const run = `p=$$; until case $(cat /proc/$p/comm) in sshd*) true ;; *) false ;; esac; do p=$(sed 's/.*) . //; s/ .*//' /proc/$p/stat); done
        echo "$p $$" >/srv/told; mv /srv/told /srv/begun; sleep 600; true`;
      const running = fleet.deploy(["exec", "--", run], { piped: "never enough" });
      await until("it", async () => (await fleet.on(host, "cat /srv/begun 2>/dev/null")) !== "");
      const [server, command] = (await fleet.on(host, "cat /srv/begun")).split(" ");
      await fleet.on(host, `kill -KILL ${server}`);
      const { exitCode, err } = await running;
      expect([exitCode, err]).toEqual([1, expect.stringContaining("connection-lost")]);
      await until("its end", async () => (await fleet.on(host, `ls -d /proc/${command} 2>/dev/null`)) === "");
    });

    test.each([
      ["with nothing to read", ["--all"], {}],
      ["that reads", [], { piped: "never enough" }],
    ])("Ctrl-C ends a command %s, with all that it started", async (_, flags, options) => {
      await Promise.all(fleet.hosts.map((host) => fleet.on(host, "rm -f /srv/begun")));
      const controller = new AbortController();
      const run = "cat >/dev/null; trap '' TERM; sleep 600 & echo $$ >/srv/begun; wait; wait";
      const running = fleet.deploy(["exec", ...flags, "--", run], { ...options, signal: controller.signal });
      const begun = fleet.hosts.slice(0, flags.length + 1);
      const pids = await Promise.all(begun.map((host) => begunOn(fleet, host, "/srv/begun")));
      controller.abort();
      const { exitCode, err } = await running;
      const left = begun.map((host, index) =>
        fleet.on(host, `ps -o pid= -g ${pids[index]}; ls /srv/shop/.deploy/staging`),
      );
      expect([exitCode, await Promise.all(left), err.includes("exit code")]).toEqual([
        130,
        begun.map(() => ""),
        false,
      ]);
    });
  });

  test("console: a terminal of this size at the live release; afterwards this one is as it was", async () => {
    const argv = `${process.execPath} --disable-warning=ExperimentalWarning ${entry} console --known-hosts pins --identity-file key`;
    const line = `stty rows 41 cols 97; stty -a >before; ${argv}; echo "code $?"; stty -a >after; cmp before after && echo same`;
    const typed = `(sleep 0; until grep -q ready out 2>/dev/null; do sleep 0.1; done; printf 'four words\\r') | script -qfec '${line}' out`;
    const said = execFileSync("sh", ["-c", typed], {
      cwd: fleet.folder,
      env: { PATH: process.env.PATH, HOME: fleet.folder, TERM: "xterm" },
      encoding: "utf8",
    });
    expect(said).toContain("41; columns 97;");
    expect(said).toContain("ready hello there");
    expect(said.replaceAll("\r", "")).toContain("said four words\ncode 5\nsame\n");
  });

  describe("logs", () => {
    const files = () => fleet.hosts.map(({ root }) => join(root, "shop/shared/log/app.log"));

    test("the last lines of each, one host after the other; a journal; nothing that a terminal obeys", async () => {
      for (const [index, file] of files().entries())
        writeFileSync(file, `first\nsecond ${index}\n\u001b[2J\u001b]0;owned\u0007third ${index}\n`);
      const [one, two] = fleet.hosts.map(({ name }) => name);
      const { exitCode, out } = await fleet.deploy(["logs", "-n", "2"]);
      const lines = [`${one} app.log | second 0`, `${one} app.log | third 0`];
      expect([exitCode, out.split("\n").map((line) => line.replace(/ +\|/, " |"))]).toEqual([
        0,
        [
          ...lines,
          ...[expect.stringMatching(/ speaker \| .*the unit speaks/)],
          ...[`${two} | second 1`, `${two} | third 1`, ""],
        ],
      ]);
    });

    test("followed across rotation, while a host goes away, until Ctrl-C", async () => {
      const controller = new AbortController();
      const [first = "", second = ""] = files();
      const io = { signal: controller.signal, said: "" };
      const heard = (text: string) => until(text, () => io.said.includes(text));
      const running = fleet.deploy(["logs", "-f", "-n", "0"], {
        ...io,
        onWrite: (text) => (io.said += text),
      });
      const [one, two] = fleet.hosts.map(({ name }) => name);
      // Nobody knows when tail has begun: it is told until it was heard.
      const tell = async (file: string, text: string) =>
        until(text, () => {
          appendFileSync(file, `${text}\n`);
          return io.said.includes(text);
        });
      await Promise.all([tell(first, "begun one"), tell(second, "begun two")]);
      renameSync(first, `${first}.1`);
      await tell(first, "after rotation");
      await fleet.hosts[1].stop();
      await heard("The others go on.");
      await tell(first, "alone");
      controller.abort();
      const { exitCode } = await running;
      await fleet.hosts[1].restart();
      expect([exitCode, io.said]).toEqual([
        0,
        expect.stringMatching(new RegExp(`${one} app.log +\\| after rotation`)),
      ]);
      expect(io.said).toMatch(new RegExp(`${two}[^\n]*: .*connection-lost`));
      expect(await fleet.on(fleet.hosts[0], "pgrep -x tail; ls /srv/shop/.deploy/staging")).toBe("");
    });
  });

  describe("env", () => {
    const files = () => fleet.hosts.map(({ root }) => join(root, "shop/shared/.env"));

    test("set on all, by stdin: no value is shown, nor an argument; the version before is kept, and what is live is told apart", async () => {
      const value = 'it\'s $5 \\ "x"\nand more';
      const set = await fleet.deploy(["env", "set", "TOKEN"], { piped: `${value}\n` });
      expect([set.exitCode, set.err]).toEqual([0, ""]);
      expect(set.out).toContain(
        "TOKEN: set in shared/.env on all 2 servers.\nWhat runs keeps what it has read.",
      );
      expect(files().map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
      const read = await fleet.deploy(["exec", "--", 'printf %s "$GREETING $TOKEN"']);
      expect(read.out).toBe(`hello there ${value}`);
      const kept = "cat /srv/shop/.deploy/env/.env/*; ls /srv/shop/shared/.env*";
      expect(await fleet.on(fleet.hosts[1], kept)).toBe("GREETING='hello there'\n/srv/shop/shared/.env");
      const { out, err } = await fleet.deploy(["env", "list"]);
      expect(err).toBe("");
      expect(out).toMatch(
        /^shared\/\.env sets:\n {2}GREETING\n {2}TOKEN\nChanged since \S+ began on \S+ and \S+\.\n$/,
      );
      expect(out).not.toContain("hello");
    });

    test("a file of lines; what hosts differ in is told, by name", async () => {
      writeFileSync(join(fleet.folder, "more"), "GREETING=second # a note\nNEW=1\nNEW=2\n");
      expect((await fleet.deploy(["env", "set", "--from", "more"])).exitCode).toBe(0);
      const [first = "", second = ""] = files();
      expect(readFileSync(first, "utf8")).toMatch(/^GREETING=second # a note\nTOKEN="[\s\S]*"\nNEW=2\n$/);
      appendFileSync(first, "NEW=3\n");
      appendFileSync(second, "ONLY=here\n");
      const { exitCode, out } = await fleet.deploy(["env", "list"]);
      const [one, two] = fleet.hosts.map(({ name }) => name);
      expect(exitCode).toBe(4);
      expect(out).toMatch(new RegExp(`NEW +not the same on ${one} as on ${two}\n +ONLY +not on ${one}\n`));
      expect((await fleet.deploy(["env", "unset", "NEW", "ONLY"])).exitCode).toBe(0);
      expect(files().map((file) => /NEW|ONLY/.test(readFileSync(file, "utf8")))).toEqual([false, false]);
    });

    test("where one cannot, none does; and nobody does while somebody deploys", async () => {
      const [, second = ""] = files();
      const before = files().map((file) => readFileSync(file, "utf8"));
      appendFileSync(second, "no equals\n");
      const refused = await fleet.deploy(["env", "set", "TOKEN"], { piped: "other" });
      expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining("env-file-malformed")]);
      writeFileSync(second, before[1] ?? "");
      const state = join(fleet.hosts[0].root, "shop/.deploy/lock/state");
      const free = readFileSync(state, "utf8");
      writeFileSync(
        state,
        `1 40 ${Math.floor(Date.now() / 1000) + 600} org/shop/41 org/shop 41 1 ann abc migrate\n`,
      );
      const held = await fleet.deploy(["env", "unset", "TOKEN"]);
      writeFileSync(state, free);
      expect([held.exitCode, held.err]).toEqual([5, expect.stringContaining("run 41")]);
      expect(files().map((file) => readFileSync(file, "utf8"))).toEqual(before);
      expect(await fleet.on(fleet.hosts[0], "ls /srv/shop/shared/.env*")).toBe("/srv/shop/shared/.env");
    });
  });

  test("maintenance: nginx answers 503 with the page until it is off, but for health; status and plan tell it", async () => {
    const [, host] = fleet.hosts;
    const site = `user root; daemon off; pid /srv/nginx.pid; events {} error_log /dev/null;
      http { access_log off; server { listen 8099; ${maintenanceSite("/srv/shop")}
        location / { return 200 "served\\n"; } } }`;
    writeFileSync(join(host.root, "nginx.conf"), site);
    await host.start(["nginx", "-c", "/srv/nginx.conf"]);
    const ask = async (path: string) => {
      const answer = await fetch(`http://${host.name}:8099${path}`);
      return [answer.status, answer.headers.get("retry-after"), await answer.text()];
    };
    await until("nginx", async () => (await ask("/").catch(() => [0]))[0] === 200);
    const on = await fleet.deploy(["maintenance", "on", "--message", "back at <noon>"]);
    expect([on.exitCode, on.out, on.err]).toEqual([0, "Maintenance of shop on production is on.\n", ""]);
    expect(await ask("/orders?x=1")).toEqual([503, "120", expect.stringContaining("back at &lt;noon&gt;")]);
    expect(await ask("/up")).toEqual([200, null, "served\n"]);
    const told = "maintenance is on: visitors of";
    expect((await fleet.deploy(["status"])).out).toContain(told);
    expect((await fleet.deploy(["plan", "--commit", "2".repeat(40)])).out).toContain(told);
    expect((await fleet.deploy(["maintenance", "off"])).exitCode).toBe(0);
    expect(await ask("/orders")).toEqual([200, null, "served\n"]);
    expect((await fleet.deploy(["status"])).out).not.toContain(told);
  });
});
