import { expect, test } from "@jest/globals";
import { renderLedger } from "../ledger.ts";

test("columns are as wide as their widest cell, and lines have no tail of spaces", () => {
  const entries = [
    { event: "deploy", exitCode: 0, live: ["1", "-"], migrations: 1, uploads: "intact" },
    { event: "roll back", exitCode: 130, live: ["12345", "1"], migrations: 10, uploads: "ok" },
  ];
  expect(renderLedger(["web1", "web2"], entries)).toBe(
    [
      "what happened  exit  web1   web2  migrations run  uploads",
      "-------------  ----  -----  ----  --------------  -------",
      "deploy         0     1      -     1               intact",
      "roll back      130   12345  1     10              ok",
    ].join("\n"),
  );
});
