import { Secret } from "@deploy/core";
import { type FakeTargetGroups, fakeTargetGroups } from "@deploy/testkit";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { keyCredentials } from "../src/credentials/keys.ts";
import { readXml, textAt } from "../src/query/xml.ts";
import { type TargetGroup, type TargetGroups, targetGroups } from "../src/targetGroups/targetGroups.ts";

const credentials = keyCredentials("AKIATEST", new Secret("secret"));
const target = { id: "10.0.0.11", port: 8080 };
const quick = { pause: 1, attempts: 4, timeout: 5000 };

describe("target groups", () => {
  let now = 0;
  let fake: FakeTargetGroups;
  let aws: TargetGroups;
  let group: TargetGroup;
  beforeEach(async () => {
    now = 0;
    fake = await fakeTargetGroups({
      groups: [{ name: "shop", port: 8080, delay: 60, targets: [target] }],
      ...{ now: () => now, initial: 10_000 },
    });
    aws = targetGroups({ region: "eu-central-1", endpoint: fake.url, credentials, pace: quick });
    [group] = (await aws.find(["shop"])) as [TargetGroup];
  });
  afterEach(() => fake.close());

  const state = async () => {
    const { state, reason } = await aws.health(group, target);
    return reason === "" ? state : `${state}: ${reason}`;
  };

  test("are found by name or ARN, once", async () => {
    expect(group).toEqual({ name: "shop", port: 8080, arn: expect.stringMatching(/^arn:aws:.*\/shop\//) });
    await aws.find(["shop"]);
    expect(await aws.find([group.arn])).toEqual([group]);
    expect(fake.asked).toEqual(["DescribeTargetGroups", "DescribeTargetGroups"]);
    expect(await aws.delay(group)).toBe(60_000);
  });

  test("a target drains for the delay, is out then, and healthy some time after it came back", async () => {
    expect(await state()).toBe("healthy");
    await aws.deregister(group, target);
    await aws.deregister(group, target);
    now = 59_999;
    expect(await state()).toBe("draining: Target.DeregistrationInProgress");
    now = 60_000;
    expect(await state()).toBe("unused: Target.NotRegistered");
    await aws.register(group, target);
    await aws.register(group, target);
    expect(await state()).toBe("initial: Elb.RegistrationInProgress");
    now = 70_000;
    expect(await state()).toBe("healthy");
  });

  test("one that still drains is registered again", async () => {
    await aws.deregister(group, target);
    await aws.register(group, target);
    now = 10_000;
    expect(await state()).toBe("healthy");
  });

  test.each(["Throttling", "RequestLimitExceeded"])("%s is waited out, and given up", async (code) => {
    fake.refuse(code, 3);
    expect(await state()).toBe("healthy");
    fake.refuse(code, 4);
    await expect(state()).rejects.toMatchObject({
      problem: {
        code: "pool-unreadable",
        message: `the target group shop, asked by DescribeTargetHealth: ${code}: ${code} & why`,
      },
    });
  });

  test("a refusal of our rights is told once, with every right that is needed", async () => {
    fake.refuse("AccessDenied", 9);
    const before = fake.asked.length;
    await expect(aws.deregister(group, target)).rejects.toMatchObject({
      problem: {
        code: "pool-denied",
        message: expect.stringContaining("DeregisterTargets on the target group shop"),
        hint: expect.stringMatching(/RegisterTargets.*DeregisterTargets.*DescribeTargetHealth on \*/),
      },
    });
    expect(fake.asked.length).toBe(before + 1);
  });

  test("one that is not there, and nobody who answers", async () => {
    await expect(aws.find(["none"])).rejects.toMatchObject({
      problem: { code: "pool-unreadable", hint: expect.stringContaining("pool.groups") },
    });
    await fake.close();
    await expect(aws.find(["none"])).rejects.toMatchObject({
      problem: { code: "pool-unreadable", message: expect.stringContaining("ECONNREFUSED") },
    });
  });
});

describe("an answer", () => {
  test("is read by its elements, with what stands for other characters", () => {
    const xml = `<?xml version="1.0"?>\n<A xmlns="x">\n <b/>\n <c><d>1 &lt; 2 &amp; &#65;&#x42;</d></c></A>\n`;
    expect(textAt(readXml(xml), "c", "d")).toBe("1 < 2 & AB");
  });

  test.each([
    "",
    "<a>",
    "<a><b></a></b>",
    "</a>",
    "<a></a><b></b>",
    "<a><",
    "Bad Gateway",
    "<html><br></html>",
  ])("%j is none", (text) => {
    expect(() => readXml(text)).toThrow(/XML/);
  });
});
