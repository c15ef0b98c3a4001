import { expect, test } from "@jest/globals";
import { dataSize, duration, roughly } from "../src/index.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

test.each<readonly [number, string]>([
  [0, "0 B"],
  [999, "999 B"],
  [999.7, "1.0 kB"],
  [1_234, "1.2 kB"],
  [9_949, "9.9 kB"],
  [9_950, "10 kB"],
  [104_400, "104 kB"],
  [999_600, "1.0 MB"],
  [19_000_000, "19 MB"],
  [3e18, "3000 PB"],
])("%d bytes are %s", (bytes, words) => {
  expect(dataSize(bytes)).toBe(words);
});

test.each<readonly [number, string]>([
  [0, "0 ms"],
  [999.4, "999 ms"],
  [999.6, "1 s"],
  [4_240, "4.2 s"],
  [30 * second, "30 s"],
  [59_960, "1 min"],
  [3 * minute + 5 * second, "3 min 5 s"],
  [10 * minute, "10 min"],
  [hour - 1, "1 h"],
  [2 * hour + 59 * second, "2 h"],
  [90 * minute, "1 h 30 min"],
  [36 * hour, "36 h"],
  [60 * hour, "2 days 12 h"],
  [14 * day, "14 days"],
])("%d milliseconds take %s", (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

test.each<readonly [number, string]>([
  [-5, "0 s"],
  [1, "1 s"],
  [119 * second, "119 s"],
  [120 * second, "2 min"],
  [2 * hour - second, "119 min"],
  [2 * hour, "2 h"],
  [2 * day - second, "47 h"],
  [2 * day, "2 days"],
  [400 * day, "400 days"],
])("%d milliseconds are roughly %s", (milliseconds, words) => {
  expect(roughly(milliseconds)).toBe(words);
});
