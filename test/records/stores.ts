import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderStore, type Store, s3Store } from "@deploy/store";
import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, describe } from "@jest/globals";

/** What a test of records is given: opens the same place anew for each writer, as runs on several machines do. */
export type Open = (name: string) => Store;

/** Runs the tests against a folder, and against a real S3 server where the file is one of those with parts. */
export function inFolder(tests: (open: Open) => void): void {
  describe("in a folder", () => {
    let root: string;
    beforeAll(() => {
      root = mkdtempSync(join(tmpdir(), "records-"));
    });
    afterAll(() => rmSync(root, { recursive: true, force: true }));
    tests((name) => folderStore(join(root, name)));
  });
}

export function inS3(tests: (open: Open) => void): void {
  needs("versitygw")("on versitygw", () => {
    let server: S3Server;
    beforeAll(async () => {
      server = await s3Server();
    });
    afterAll(() => server?.stop());
    tests((prefix) => {
      const { bucket, endpoint, credentials } = server;
      return s3Store({ bucket, prefix, endpoint, credentials });
    });
  });
}
