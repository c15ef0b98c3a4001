import { appendFileSync } from "node:fs";
import { needs, seed, shareOf } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { books } from "./books.ts";
import { generated } from "./generated.ts";
import { compare } from "./oracle.ts";

needs("chromium")("the asset shelf: a site is the same, only smaller", () => {
  test.each([generated(seed), ...shareOf(books, 6)])("$name", async (book) => {
    const { pages, addresses, declarations, differences } = await compare(book);
    const told = process.env.DEPLOY_SHELF_TOLD;
    if (told)
      appendFileSync(told, `${JSON.stringify([pages, addresses, declarations, differences.length])}\n`);
    expect(differences).toEqual([]);
    expect(declarations).toBeGreaterThan(100);
  });
});
