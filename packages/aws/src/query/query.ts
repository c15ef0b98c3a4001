import { setTimeout as sleep } from "node:timers/promises";
import { type AwsCredentials, awsSigner } from "@deploy/store";
import { at, type Element, readXml, textAt } from "./xml.ts";

/** A service that speaks AWS's Query protocol: a form is posted, and XML is answered. */
export interface QueryService {
  /** As it is signed for: `elasticloadbalancing`. */
  readonly service: string;
  readonly version: string;
  readonly region: string;
  /** Absent: AWS's own. */
  readonly endpoint?: string;
  /** Absent: the standard AWS chain. */
  readonly credentials?: AwsCredentials;
  readonly pace?: Pace;
}

/** How a call is repeated, in milliseconds; tests bring their own. */
export interface Pace {
  /** After the first try; doubled each time. */
  readonly pause: number;
  readonly attempts: number;
  /** For one answer. */
  readonly timeout: number;
}

const usual: Pace = { pause: 500, attempts: 6, timeout: 20_000 };

/** What the service refused with, or why nobody answered. */
export class QueryFailure extends Error {
  override readonly name: string;
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;

  constructor(name: string, message: string, status?: number) {
    super(message);
    [this.name, this.status] = [name, status];
  }
}

/** The `…Result` of the answer. Calls must be such as may be repeated. Rejects with a QueryFailure, or what credentials reject with. */
export type Query = (action: string, parameters: Readonly<Record<string, string>>) => Promise<Element>;

export function queryService({ pace = usual, ...service }: QueryService): Query {
  const { region, service: signingService } = service;
  const endpoint = new URL(service.endpoint ?? addressOf(signingService, region));
  const { sign } = awsSigner(service.credentials ?? chain(region), () => undefined);
  const send = async (body: string): Promise<Response> => {
    const headers = {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      host: endpoint.host,
    };
    const request = { method: "POST", hostname: endpoint.hostname, path: endpoint.pathname, headers, body };
    const signed = await sign(request, { signingDate: new Date(), signingRegion: region, signingService });
    return fetch(endpoint, {
      ...{ method: "POST", headers: signed.headers, body, redirect: "error" },
      signal: AbortSignal.timeout(pace.timeout),
    }).catch((error: Error) => {
      throw new QueryFailure(
        error.name,
        String((error.cause as Error | undefined)?.message ?? error.message),
      );
    });
  };
  return (action, parameters) => {
    const body = new URLSearchParams({ Action: action, Version: service.version, ...parameters }).toString();
    return repeat(pace, async () => resultOf(action, await send(body)));
  };
}

/** China's regions have a domain of their own. */
function addressOf(service: string, region: string): string {
  return `https://${service}.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}/`;
}

/** Environment, profile, instance, in the SDK's order; it is loaded when it is first asked. */
function chain(region: string): AwsCredentials {
  return async () => {
    const { STSClient } = await import("@aws-sdk/client-sts");
    return new STSClient({ region }).config.credentials();
  };
}

async function resultOf(action: string, response: Response): Promise<Element> {
  const { status } = response;
  const text = await response.text().catch((error: Error) => {
    throw new QueryFailure(error.name, error.message);
  });
  const root = parse(text, status);
  if (status !== 200) {
    const [code, message] = [textAt(root, "Error", "Code"), textAt(root, "Error", "Message")];
    throw new QueryFailure(code ?? `HTTP ${status}`, message ?? "no reason was given", status);
  }
  const result = at(root, `${action}Result`);
  if (result === undefined) throw new QueryFailure("answer-unreadable", `it has no ${action}Result`, status);
  return result;
}

function parse(text: string, status: number): Element {
  try {
    return readXml(text);
  } catch (error) {
    throw new QueryFailure(`HTTP ${status}`, (error as Error).message, status);
  }
}

/** What a second try may mend: no answer, a server's fault, and too many calls at once. */
function isPassing({ name, status }: QueryFailure): boolean {
  return status === undefined || status >= 500 || status === 429 || /thrott|RequestLimitExceeded/i.test(name);
}

/** A random part keeps many hosts from coming back all at once. */
async function repeat<T>({ pause, attempts }: Pace, run: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof QueryFailure) || !isPassing(error) || tried >= attempts) throw error;
      await sleep(Math.min(pause * 2 ** (tried - 1), 10_000) * (0.5 + Math.random() / 2));
    }
  }
}
