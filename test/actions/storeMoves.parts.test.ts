import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Fault, type Front, front, refusal, type Seen } from "../../packages/store/test/front.ts";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { type Inputs, inputIn, moveOf } from "./steps.ts";

// As nextMoves, of a store that is a real S3 server, and of what a server in front of it does to single requests.

// Each step is a process of its own.
process.env.BROWSERSLIST_DISABLE_CACHE = "1";

const whole = "database: files, paths: [uploads], minimum-size: 1";

needs("versitygw", "ip")("a store", () => {
  let server: S3Server;
  let before: Front;
  let fleet: Fleet;
  let job: Job;
  let stores = 0;
  beforeAll(async () => {
    [server, fleet] = await Promise.all([s3Server(), openFleet()]);
    before = await front(server.port);
  });
  afterAll(async () => {
    await Promise.all([server?.stop(), before?.close(), fleet?.close()]);
  });
  beforeEach(() => {
    job = fleet.job();
    job.write("package.json", "{}\n");
    job.write("assets/app.css", "a { color: red }\n");
    stores += 1;
    storing = { region: server.region, ...keys() };
    configure();
  });
  afterEach(() => before.use(() => undefined));

  const prefix = () => `moves/${stores}`;
  const place = (bucket = server.bucket) => `s3://${bucket}/${prefix()}, endpoint: '${before.endpoint}'`;
  function configure(more = "", bucket?: string): void {
    const backup = `backup: { ${whole}, store: ${place(bucket)} }\n`;
    job.configure(
      `shared: { directories: [uploads] }\n${backup}assets: { publish: ${place(bucket)}${more} }\n`,
    );
  }
  const keys = (id = server.accessKey, secret = server.secretKey): Inputs => ({
    "aws-access-key-id": id,
    "aws-secret-access-key": secret,
  });
  const given = (more: Inputs = {}): Inputs => ({
    cache: "false",
    region: server.region,
    ...keys(),
    ...more,
  });
  let storing: Inputs;
  const publish = (more?: Inputs) => job.step("build-assets", given(more));
  const published = (more?: Inputs) => job.works("build-assets", given(more));
  const on = (method: string, fault: Fault) => (seen: Seen) => (seen.method === method ? fault : undefined);

  test("the bucket is created where there is none", async () => {
    const bucket = `bucket-${stores}`;
    configure("", bucket);
    expect(moveOf(await publish(), "bucket-missing")).toMatch(/Create it, or check the bucket's name/);
    mkdirSync(join(server.folder, bucket));
    await published();
  });

  test("the region that is shown is set", async () => {
    const move = moveOf(await publish({ region: "eu-central-1" }), "store-region");
    await published(inputIn(move));
  });

  test("keys that the store does not know are replaced by others", async () => {
    const move = moveOf(await publish(keys("nobody")), "store-credentials");
    expect(move).toMatch(/Give `role`, keys, or what the standard AWS chain reads/);
    expect(moveOf(await publish(keys(undefined, "wrong")), "store-credentials")).toMatch(/SignatureDoesNot/);
    await published();
  });

  test("what the store refuses is granted: the permission that is named", async () => {
    before.use(on("PUT", refusal(403, "AccessDenied")));
    const move = moveOf(await publish(), "store-denied");
    expect(move).toContain(`Grant s3:PutObject on arn:aws:s3:::${server.bucket}/${prefix()}`);
    before.use(() => undefined);
    await published();
  });

  test.each([
    ["store-clock", "RequestTimeTooSkewed", /Set this machine's clock \(NTP\), then run it again/],
    ["store-expired", "ExpiredToken", /Run it again with fresh ones/],
    ["store-failed", "InvalidRequest", /Check the endpoint and the store's own state, then run it again/],
  ] as const)("%s: once that is so, the same step works", async (code, said, told) => {
    before.use(on("PUT", refusal(said === "InvalidRequest" ? 400 : 403, said)));
    expect(moveOf(await publish(), code)).toMatch(told);
    before.use(() => undefined);
    await published();
  });

  test("a file that was written to while it was sent is sent whole by the next run", async () => {
    job.write("assets/film.mp4", "x".repeat(100_000));
    before.use(({ query }) => {
      if (!query.has("list-type")) return undefined;
      const built = join(job.workspace, "public/assets");
      const [film = ""] = readdirSync(built).filter((name) => name.startsWith("film"));
      writeFileSync(join(built, film), "y".repeat(100_000));
      return undefined;
    });
    const move = moveOf(await publish(), "body-changed");
    expect(move).toMatch(/Run it again with nothing else writing to the files/);
    before.use(() => undefined);
    await published();
  });

  function upload(): void {
    mkdirSync(job.at("shared/uploads"), { recursive: true });
    writeFileSync(job.at("shared/uploads/photo.jpg"), "a photo\n");
  }
  const folder = () => join(server.folder, server.bucket, prefix());

  /** The next answers for the stored bytes, in this order; then all goes through. */
  const answering = (...faults: readonly Fault[]) => {
    const left = [...faults];
    before.use(({ method, path }) => (method === "GET" && path.includes(".tar") ? left.shift() : undefined));
  };
  async function backup(): Promise<string> {
    upload();
    await job.works("backup", storing);
    return join(folder(), readdirSync(folder()).find((name) => name.includes(".tar")) ?? "");
  }

  test("an object that is not as it was stored is put back from another copy", async () => {
    const object = await backup();
    copyFileSync(object, `${job.workspace}/copy`);
    writeFileSync(object, readFileSync(object).fill(0, 20));
    const move = moveOf(await job.step("restore", storing), "object-damaged");
    expect(move).toMatch(/Restore the object from another copy/);
    copyFileSync(`${job.workspace}/copy`, object);
    await job.works("restore", storing);
  });

  test("an object that was replaced while it was read is read by the next run", async () => {
    await backup();
    answering({ cut: 3 }, refusal(412, "PreconditionFailed"));
    expect(moveOf(await job.step("restore", storing), "object-changed")).toMatch(/Run it again/);
    await job.works("restore", storing);
  });

  test("a backup that cannot be proved is made again", async () => {
    upload();
    answering({ damage: 3 }, { damage: 3 }, { damage: 3 });
    expect(moveOf(await job.step("backup", storing), "backup-unproved")).toMatch(/Run it again/);
    await job.works("backup", storing);
  });

  test("a backup whose name is taken gets another one by the next run", async () => {
    upload();
    before.use(({ method, path }) => {
      if (method !== "PUT" || !path.endsWith(".json")) return undefined;
      writeFileSync(join(server.folder, path), "theirs");
      return refusal(412, "PreconditionFailed");
    });
    const move = moveOf(await job.step("backup", storing), "backup-conflict");
    expect(move).toMatch(/Run it again: a new backup gets a new name/);
    before.use(() => undefined);
    await job.works("backup", storing);
  });

  test("a role is assumed once the job may ask for a token, and the trust policy that is shown lets it in", async () => {
    const role = "arn:aws:iam::123456789012:role/deploy";
    const assuming = { cache: "false", region: server.region, role };
    const move = moveOf(await job.step("build-assets", assuming), "oidc-unavailable");
    expect(move).toMatch(/`permissions: \{ id-token: write \}`/);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = `${part({})}.${part({ sub: "repo:org/shop:ref:refs/heads/main", aud: "sts.amazonaws.com" })}.x`;
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${before.endpoint}/token?v=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t",
      AWS_ENDPOINT_URL_STS: before.endpoint,
    };
    Object.assign(process.env, env);
    const sts = (answer: Fault) =>
      before.use(({ path, method }) => {
        if (path === "/token") return { status: 200, body: JSON.stringify({ value: token }) };
        return path === "/" && method === "POST" ? answer : undefined;
      });
    const error = "<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not you</Message></Error>";
    sts({ status: 403, body: `<ErrorResponse>${error}</ErrorResponse>` });
    const refused = moveOf(await job.step("build-assets", assuming), "store-role-refused");
    expect(refused).toMatch(/give the role this trust policy .*"repo:org\/shop:ref:refs\/heads\/main"/);
    const given = `<Credentials><AccessKeyId>${server.accessKey}</AccessKeyId><SecretAccessKey>${server.secretKey}</SecretAccessKey><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials>`;
    const name = "AssumeRoleWithWebIdentity";
    sts({
      status: 200,
      body: `<${name}Response><${name}Result>${given}</${name}Result></${name}Response>`,
    });
    await job.works("build-assets", assuming);
    for (const each of Object.keys(env)) delete process.env[each];
  });

  /** A disk of 256 KB in this place, with a file that fills it: `work` gets what removes that. */
  async function onFullDisk(at: string, work: (free: () => void) => Promise<void>): Promise<void> {
    mkdirSync(at, { recursive: true });
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "none", at]);
    expect(status).toBe(0);
    try {
      writeFileSync(join(at, "junk"), Buffer.alloc(240 << 10));
      await work(() => rmSync(join(at, "junk")));
    } finally {
      spawnSync("umount", [at]);
    }
  }

  test("room is made in a folder that is full", () =>
    onFullDisk(join(job.workspace, "disk"), async (free) => {
      job.write("assets/large.txt", "x".repeat(40_000));
      job.configure("assets: { publish: disk }\n");
      expect(moveOf(await publish(), "store-full")).toMatch(/Make room at the named path, then run it again/);
      free();
      await published();
    }));

  test("room is made on the machine that packs", () =>
    onFullDisk(job.temporary(), async (free) => {
      job.write("site/noise", randomBytes(100_000).toString("base64"));
      const move = moveOf(await job.step("pack", { "dry-run": "true" }), "artifact-unwritable");
      expect(move).toMatch(/Make room \(`df`, `df -i`\)/);
      free();
      await job.works("pack", { "dry-run": "true" });
    }));
});
