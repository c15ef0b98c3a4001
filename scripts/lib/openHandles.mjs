// The environment of every test file: one that leaves open what keeps Node running fails, and is told where it was opened.
import { createHook } from "node:async_hooks";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { TestEnvironment } from "jest-environment-node";

const kinds = {
  Timeout: "a timer",
  TCPWRAP: "a socket",
  TCPSERVERWRAP: "a server",
  PIPEWRAP: "a pipe",
  PIPESERVERWRAP: "a server on a pipe",
  PROCESSWRAP: "a child process",
  WORKER: "a thread",
  MESSAGEPORT: "a message port",
  FSEVENTWRAP: "a watched file",
  UDPWRAP: "a UDP socket",
};

/** Of jest, of this file; and the standard streams, which belong to the process. */
const notTheirs = /\/@jest\/reporters\/|OpenHandles\.teardown|process\.getStdin|createWritableStdioStream/;

export default class OpenHandles extends TestEnvironment {
  #opened = new Map();
  /** Milliseconds for what is about to close: a process that was killed, a socket whose other end still reads, a last retry. */
  #patience;
  #begun;
  #failed = false;
  #hook = createHook({
    init: (id, type, trigger, resource) => {
      if (!(type in kinds)) return;
      // What a server accepted was opened where the server was.
      const sites = sitesHere() ?? this.#opened.get(trigger)?.sites ?? [];
      this.#opened.set(id, { type, resource, sites });
    },
    destroy: (id) => this.#opened.delete(id),
    trackPromises: false,
  });

  constructor(config, context) {
    super(config, context);
    this.#patience = config.projectConfig.testEnvironmentOptions.patience ?? 60_000;
    // Read by scripts/jest.ts, where a run does not end.
    const { DEPLOY_BEGUN } = process.env;
    if (DEPLOY_BEGUN) this.#begun = join(DEPLOY_BEGUN, encodeURIComponent(context.testPath));
  }

  async setup() {
    await super.setup();
    if (this.#begun) writeFileSync(this.#begun, "");
    this.#hook.enable();
  }

  handleTestEvent({ name, test }) {
    this.#failed ||= name === "test_done" && test.errors.length > 0;
  }

  async teardown() {
    for (let waited = 0; this.#open().length > 0 && waited < this.#patience; waited += 20) await pause(20);
    this.#hook.disable();
    const left = this.#open();
    await super.teardown();
    if (this.#begun) rmSync(this.#begun);
    if (left.length === 0) return;
    // Told, and then let go: the run itself must end.
    for (const { resource } of left) resource.unref();
    const lines = left.map(
      ({ type, sites }) => `  ${kinds[type]}, opened ${framesOf(sites) || "by Node itself"}`,
    );
    const told = `This file left open:\n${[...new Set(lines)].join("\n")}`;
    // An error here takes the place of what the tests said.
    if (!this.#failed) throw new Error(told);
    process.stderr.write(`${told}\n`);
  }

  #open() {
    const open = [...this.#opened.values()].filter(({ resource }) => resource.hasRef?.() === true);
    return open.filter(({ sites }) => !notTheirs.test(sites.join("\n")));
  }
}

/** Of the hook itself. */
const hooks = /openHandles\.mjs|node:internal\/async_hooks/;

/**
 * The frames of who opens, as V8 has them; undefined where it was no script. Told as text only of what stays open: to
 * look each up in its source map took a tenth of all tests' time. Deep: Node's own frames and ssh2's are many, and ours
 * are behind them.
 */
function sitesHere() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  Error.prepareStackTrace = (_, sites) => sites;
  const sites = new Error().stack;
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  return sites.some((site) => !hooks.test(site.getFileName() ?? "")) ? sites : undefined;
}

/** The innermost frames that are ours, by their sources' lines; all where none is. */
function framesOf(sites) {
  const lines = Error.prepareStackTrace(new Error(), sites).split("\n");
  const all = lines.filter((line) => line.startsWith("    at ") && !hooks.test(line));
  const ours = all.filter((line) => !/node:|\/node_modules\//.test(line));
  return (ours.length > 0 ? ours : all).slice(0, 4).join("\n  ").trim();
}
