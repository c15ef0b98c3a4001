import { input, section } from "../section.ts";
import { name } from "../values/name.ts";

export const app = section({
  keys: {
    app: name()
      .optional()
      .describe("The app's name: one lock, one folder. Without a file: the last part of `deploy-to`."),
  },
  needs: { app: "the app's name" },
  inputs: { app: input("text", "app", "Name of the app.") },
});
