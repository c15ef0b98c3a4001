import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathOfPart } from "@deploy/testkit/servers";
import { type Ground, keptFile } from "./ground.ts";

export interface PlainOptions {
  /** Through the same sshd, or not. */
  readonly over: "ssh" | "local";
  /** As ours compresses; else pg_dump's own gzip. */
  readonly zstd?: boolean;
}

/** What is written by hand in a workflow: `pg_dump -Fc | age -r … | aws s3 cp - s3://…`. Seconds. */
export async function runPlain(ground: Ground, name: string, { over, zstd }: PlainOptions): Promise<number> {
  const { postgres, s3, recipient, fleet } = ground;
  const [host] = fleet.hosts;
  const key = keptFile("key", fleet.keys.private);
  const known = keptFile("known", fleet.knownHosts());
  const where = `PGHOST='${postgres.socket}' PGPORT=${postgres.port} PGUSER=${postgres.user} PGPASSWORD=${quote(postgres.password)}`;
  const dump = `${where} ${quote(join(postgres.programs, "pg_dump"))} -Fc ${zstd === true ? `-Z0 ${name} | zstd -q -c` : name}`;
  const ssh = `ssh -i ${key.path} -o UserKnownHostsFile=${known.path} -p ${host?.port} root@${host?.address} ${quote(dump)}`;
  const aws = `aws --endpoint-url ${s3.endpoint} s3 cp --only-show-errors - s3://${s3.bucket}/plain/${name}.dump.age`;
  const line = `set -o pipefail; { ${over === "ssh" ? ssh : dump}; } | age -r ${recipient} | ${quote(pathOfPart("aws") ?? "aws")}${aws.slice(3)}`;
  const keys = { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey };
  const env = { ...process.env, ...keys, AWS_REGION: s3.region };
  const started = performance.now();
  const child = spawn("bash", ["-c", line], { env, stdio: ["ignore", "inherit", "inherit"] });
  const code = await new Promise((done, fail) => child.once("error", fail).once("close", done));
  const seconds = (performance.now() - started) / 1000;
  for (const file of [key, known]) file.remove();
  if (code !== 0) throw new Error(`the plain pipeline ended ${code}`);
  return seconds;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
