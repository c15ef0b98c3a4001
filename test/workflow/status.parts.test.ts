import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { blocksOf } from "../docs/blocks.ts";
import { openSite, type Site } from "./site.ts";

const workflow = ".github/workflows/status.yml";
const guide = "docs/guides/status.md";

needs(
  "act",
  "sshd",
  "ip",
  "curl",
  "versitygw",
)("the status page by a workflow", () => {
  let [s3, site] = [] as unknown as [S3Server, Site];
  beforeAll(async () => {
    s3 = await s3Server();
    const store = `${s3.bucket}/records, endpoint: "${s3.endpoint}", region: ${s3.region}`;
    const keys = { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey };
    site = await openSite("node-app", { secrets: keys, config: `records: { store: s3://${store} }\n` });
    const block = blocksOf("yaml").find(
      ({ place, text }) => place.startsWith(guide) && text.startsWith("name: Status page"),
    );
    // Pages are GitHub's: what they would take is shown instead.
    const [mine = ""] = (block?.text ?? "").split(/^ +- uses: actions\/upload-pages-artifact/m);
    const secrets = Object.keys(keys).map(
      (name) => `          ${name.toLowerCase().replaceAll("_", "-")}: \${{ secrets.${name} }}\n`,
    );
    const shown =
      "      - run: cd public && find . -type f | sort && tr -d '\\n' <status.json && echo && cat index.html shop/*.html\n";
    site.caller.write(workflow, `${mine.trimEnd()}\n${secrets.join("")}${shown}`);
    site.caller.commit();
  });
  afterAll(() => Promise.all([site?.close(), s3?.stop()]));

  test("the guide's job publishes what is live and what was recorded, and names no host", async () => {
    const deployed = await site.run("deploy.yml");
    expect({ code: deployed.code, log: deployed.code === 0 ? "" : deployed.log }).toEqual({
      code: 0,
      log: "",
    });
    const release = deployed.outputs.plan?.release ?? "";
    const run = await site.run("status.yml", { event: "schedule" });
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    expect(run.log).toContain(`3 of 3 hosts serve ${release}`);
    for (const file of ["feed.atom", "index.html", "status.json"]) expect(run.log).toContain(`./${file}`);
    const [, document = ""] = /(\{ *"schema": ?1,.*\})\s*$/m.exec(run.log) ?? [];
    expect(JSON.parse(document)).toMatchObject({
      environments: [{ environment: "production", state: "well", last: [{ what: "deployed", release }] }],
    });
    const published = run.log.slice(run.log.indexOf(document));
    expect(published).toContain("host 3");
    for (const { address } of site.fleet.hosts) expect(published).not.toContain(address);
  });
});
