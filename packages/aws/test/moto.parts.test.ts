import {
  CloudFrontClient,
  CreateDistributionCommand,
  GetInvalidationCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Secret } from "@deploy/core";
import { type MotoServer, motoServer, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { cloudFront } from "../src/cloudFront/cdn.ts";
import { keyCredentials } from "../src/credentials/keys.ts";
import { oidcCredentials } from "../src/credentials/oidc.ts";
import { targetGroups } from "../src/targetGroups/targetGroups.ts";
import { claims, role, tokenWith } from "./token.ts";

needs("moto_server")("AWS, as moto plays it", () => {
  const region = "us-east-1";
  const credentials = keyCredentials("AKIATEST", new Secret("secret"));
  let moto: MotoServer;

  beforeAll(async () => {
    moto = await motoServer();
  });
  afterAll(() => moto?.stop());

  async function distribution(client: CloudFrontClient): Promise<string> {
    const origin = {
      Id: "o",
      DomainName: "shop.s3.amazonaws.com",
      S3OriginConfig: { OriginAccessIdentity: "" },
    };
    const { Distribution } = await client.send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: "test",
          Comment: "",
          Enabled: true,
          Origins: { Quantity: 1, Items: [origin] },
          DefaultCacheBehavior: { TargetOriginId: "o", ViewerProtocolPolicy: "allow-all" },
        },
      }),
    );
    return Distribution?.Id ?? "";
  }

  test("CloudFront gets one invalidation with the paths as it wants them", async () => {
    const client = new CloudFrontClient({ region, endpoint: moto.url, credentials });
    const id = await distribution(client);
    const cdn = cloudFront({ distribution: id, endpoint: moto.url, credentials });
    await cdn.purge(["/index.html", "/a b/<&>.html", "/ä.html"], undefined, "first");
    const { InvalidationList } = await client.send(new ListInvalidationsCommand({ DistributionId: id }));
    const made = InvalidationList?.Items ?? [];
    expect(made).toHaveLength(1);
    const Id = made[0]?.Id;
    const { Invalidation } = await client.send(new GetInvalidationCommand({ DistributionId: id, Id }));
    expect(Invalidation?.InvalidationBatch?.Paths?.Items).toEqual([
      "/index.html",
      "/a%20b/%3C&%3E.html",
      "/%C3%A4.html",
    ]);
    client.destroy();
  });

  test("a distribution that is not there is a failed purge", async () => {
    const cdn = cloudFront({ distribution: "ENOTTHERE", endpoint: moto.url, credentials });
    await expect(cdn.purge(["/a"])).rejects.toMatchObject({ problem: { code: "purge-failed" } });
  });

  test("target groups are asked, and answered, as AWS does it", async () => {
    const raw = async (service: string, form: Record<string, string>) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=AKIATEST/20261130/${region}/${service}/aws4_request, SignedHeaders=host, Signature=x`;
      const asked = { method: "POST", headers: { authorization }, body: new URLSearchParams(form) };
      return (await fetch(moto.url, asked)).text();
    };
    const [, VpcId = ""] =
      /<vpcId>(.*?)</.exec(await raw("ec2", { Action: "DescribeVpcs", Version: "2016-11-15" })) ?? [];
    const group = { Name: "shop", Protocol: "HTTP", Port: "8080", TargetType: "ip", VpcId };
    await raw("elasticloadbalancing", { Action: "CreateTargetGroup", Version: "2015-12-01", ...group });
    const aws = targetGroups({ region, endpoint: moto.url, credentials });
    const [found] = await aws.find(["shop"]);
    if (found === undefined) throw new Error("no group was found");
    expect([found.name, found.port, await aws.delay(found)]).toEqual(["shop", 8080, 300_000]);
    const target = { id: "172.31.0.10", port: 8081 };
    await aws.register(found, target);
    expect(await aws.health(found, target)).toMatchObject({
      state: expect.stringMatching(/^(healthy|unused)$/),
    });
    await aws.deregister(found, target);
    expect((await aws.health(found, target)).state).not.toBe("healthy");
    await expect(aws.find(["none"])).rejects.toMatchObject({ problem: { code: "pool-unreadable" } });
  });

  test("STS gives keys for a token, and they work", async () => {
    const keys = oidcCredentials({
      role,
      sessionName: "shop",
      endpoint: moto.url,
      token: async () => tokenWith(claims),
    });
    expect(await keys()).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
    const client = new STSClient({ region, endpoint: moto.url, credentials: keys });
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe("arn:aws:sts::123456789012:assumed-role/deploy/shop");
    client.destroy();
  });
});
