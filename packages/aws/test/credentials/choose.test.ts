import { Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { chooseCredentials } from "../../src/credentials/choose.ts";

const keys = { id: "AKIA", secret: new Secret("s3cret") };
const role = "arn:aws:iam::123456789012:role/deploy";
const token = () => Promise.reject(new Error("not asked"));

describe("chooseCredentials", () => {
  test("keys that were given win over a role", async () => {
    const chosen = chooseCredentials({ keys, token, sessionName: "deploy" }, { role });
    expect(await chosen?.()).toEqual({ accessKeyId: "AKIA", secretAccessKey: "s3cret" });
  });

  test("a role needs the workflow's token: it is asked for when the keys are, not before", async () => {
    const chosen = chooseCredentials({ token, sessionName: "deploy" }, { role });
    await expect(chosen?.()).rejects.toThrow("not asked");
  });

  test("without keys and role, or with a role outside a workflow: the standard chain", () => {
    expect(chooseCredentials({ sessionName: "deploy" }, {})).toBeUndefined();
    expect(chooseCredentials({ sessionName: "deploy" }, { role })).toBeUndefined();
  });
});
