import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface FakeTarget {
  readonly id: string;
  readonly port: number;
}

export interface FakeGroup {
  readonly name: string;
  /** Of targets that say none. */
  readonly port: number;
  /** Deregistration delay, in seconds. */
  readonly delay: number;
  /** Healthy from the beginning. */
  readonly targets: readonly FakeTarget[];
}

interface Options {
  readonly groups: readonly FakeGroup[];
  /** Milliseconds; the system's clock unless told. */
  readonly now?: () => number;
  /** Milliseconds that a registered target is `initial`. */
  readonly initial?: number;
  /** What the balancer's own check says of it; healthy unless told. */
  readonly isHealthy?: (target: FakeTarget) => boolean;
}

/**
 * AWS's load balancers, as far as deploy speaks to them: five calls of the Query protocol, in the format that moto has from AWS, and
 * what moto has not: time. A registered target is `initial` first; one that was deregistered is `draining` until the delay is over, also
 * with nothing open, and `unused` from then on (Elastic Load Balancing, "Target health status").
 */
export interface FakeTargetGroups {
  readonly url: string;
  /** Actions that were asked, with the target. */
  readonly asked: readonly string[];
  /** Who gets new requests: those that are healthy, and where none is, all that are registered. */
  serving(group: string): readonly FakeTarget[];
  /** The next so many calls, of this action where one is named, are refused with this code. */
  refuse(code: string, times: number, action?: string): void;
  close(): Promise<void>;
}

interface Known extends FakeTarget {
  registered: number;
  /** When it was taken out. */
  left: number | undefined;
}

const namespace = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";
const arnOf = (name: string) =>
  `arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/${name}/0123456789abcdef`;

class Group {
  readonly settings: FakeGroup;
  readonly #options: Options;
  readonly #known = new Map<string, Known>();

  constructor(settings: FakeGroup, options: Options) {
    [this.settings, this.#options] = [settings, options];
    for (const target of settings.targets)
      this.#known.set(keyOf(target), { ...target, registered: -Infinity, left: undefined });
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  register(target: FakeTarget): void {
    const found = this.#known.get(keyOf(target));
    if (found !== undefined && this.stateOf(target)[0] !== "unused" && found.left === undefined) return;
    this.#known.set(keyOf(target), { ...target, registered: this.#now(), left: undefined });
  }

  deregister(target: FakeTarget): void {
    const found = this.#known.get(keyOf(target));
    if (found !== undefined) found.left ??= this.#now();
  }

  stateOf(target: FakeTarget): readonly [state: string, reason: string] {
    const { initial = 0, isHealthy = () => true } = this.#options;
    const now = this.#now();
    const found = this.#known.get(keyOf(target));
    const gone = found?.left !== undefined && now >= found.left + this.settings.delay * 1000;
    if (found === undefined || gone) return ["unused", "Target.NotRegistered"];
    if (found.left !== undefined) return ["draining", "Target.DeregistrationInProgress"];
    if (now < found.registered + initial) return ["initial", "Elb.RegistrationInProgress"];
    return isHealthy(target) ? ["healthy", ""] : ["unhealthy", "Target.FailedHealthChecks"];
  }

  serving(): readonly FakeTarget[] {
    const there = [...this.#known.values()].filter(({ left }) => left === undefined);
    const healthy = there.filter((target) => this.stateOf(target)[0] === "healthy");
    return healthy.length > 0 ? healthy : there;
  }
}

export async function fakeTargetGroups(options: Options): Promise<FakeTargetGroups> {
  const groups = options.groups.map((settings) => new Group(settings, options));
  const asked: string[] = [];
  const refusals: { code: string; action: string | undefined }[] = [];
  const server = createServer(async (request, answer) => {
    const form = new URLSearchParams(await text(request));
    const action = form.get("Action") ?? "";
    asked.push([action, form.get("Targets.member.1.Id")].filter((word) => word !== null).join(" "));
    const index = refusals.findIndex(({ action: only }) => only === undefined || only === action);
    const [refused] = index < 0 ? [] : refusals.splice(index, 1);
    const isSigned = /^AWS4-HMAC-SHA256 Credential=.*\/elasticloadbalancing\/aws4_request,/.test(
      request.headers.authorization ?? "",
    );
    if (!isSigned) return fail(answer, "MissingAuthenticationToken");
    if (refused !== undefined) return fail(answer, refused.code);
    const named =
      form.get("TargetGroupArn") ?? form.get("Names.member.1") ?? form.get("TargetGroupArns.member.1");
    const group = groups.find(({ settings: { name } }) => name === named || arnOf(name) === named);
    if (group === undefined) return fail(answer, "TargetGroupNotFound");
    const inner = actions[action]?.(group, targetIn(form));
    if (inner === undefined) return fail(answer, "InvalidAction");
    answer.end(
      `<?xml version="1.0"?>\n<${action}Response xmlns="${namespace}"><${action}Result>${inner}</${action}Result></${action}Response>`,
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    serving: (name) => groups.find(({ settings }) => settings.name === name)?.serving() ?? [],
    refuse: (code, times, action) => refusals.push(...Array(times).fill({ code, action })),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const actions: Readonly<Record<string, (group: Group, target: FakeTarget) => string>> = {
  DescribeTargetGroups: ({ settings: { name, port } }) =>
    `<TargetGroups><member><TargetGroupArn>${arnOf(name)}</TargetGroupArn><TargetGroupName>${name}</TargetGroupName><Port>${port}</Port><LoadBalancerArns><member>arn:aws:one</member></LoadBalancerArns></member></TargetGroups>`,
  DescribeTargetGroupAttributes: ({ settings: { delay } }) =>
    `<Attributes><member><Key>stickiness.enabled</Key><Value>false</Value></member><member><Key>deregistration_delay.timeout_seconds</Key><Value>${delay}</Value></member></Attributes>`,
  DescribeTargetHealth(group, { id, port }) {
    const [state, reason] = group.stateOf({ id, port });
    const why = reason === "" ? "" : `<Reason>${reason}</Reason>`;
    return `<TargetHealthDescriptions><member><Target><Id>${id}</Id><Port>${port}</Port></Target><TargetHealth><State>${state}</State>${why}</TargetHealth></member></TargetHealthDescriptions>`;
  },
  RegisterTargets(group, target) {
    group.register(target);
    return "";
  },
  DeregisterTargets(group, target) {
    group.deregister(target);
    return "";
  },
};

/** One without a port is none of those that have one. */
function targetIn(form: URLSearchParams): FakeTarget {
  const [id, port] = [form.get("Targets.member.1.Id"), form.get("Targets.member.1.Port")];
  return { id: id ?? "", port: Number(port ?? 0) };
}

const keyOf = ({ id, port }: FakeTarget) => `${id}:${port}`;

function fail(answer: ServerResponse, code: string): void {
  answer.statusCode = code.startsWith("AccessDenied") ? 403 : 400;
  answer.end(
    `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${code} &amp; why</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
  );
}
