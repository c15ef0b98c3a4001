import { expect, test } from "@jest/globals";
import { rowsOf } from "../../src/pools/haproxyAnswers.ts";

test("a table is read by the names of its columns, wherever they stand", () => {
  expect(rowsOf("1\n# be_name srv_name srv_admin_state\nshop web1 8\nshop web2 0\n\n", " ")).toEqual([
    { be_name: "shop", srv_name: "web1", srv_admin_state: "8" },
    { be_name: "shop", srv_name: "web2", srv_admin_state: "0" },
  ]);
  expect(rowsOf("# pxname,svname,scur,status,\nshop,web1,3,UP 1/2,\n", ",")).toEqual([
    { pxname: "shop", svname: "web1", scur: "3", status: "UP 1/2", "": "" },
  ]);
});

test.each([
  "",
  "\n",
  "Can't find backend.\n",
  "No such server.\n",
  "Unknown command. Please enter one of …\n",
])("a refusal (%j) is no table", (said) => {
  expect(rowsOf(said, " ")).toEqual([]);
});
