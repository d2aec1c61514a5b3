import { expect, it } from "vitest";
import { createApp } from "vue";

import { provideBackend, type Run } from "@/backend";
import { laptop } from "@tests/laptop";

import { useRun } from "./useRun";

it("a word on how far it has come that arrives after the end does not begin it anew", async () => {
  const app = createApp({});
  provideBackend(app, laptop([]));
  const { progress, run } = app.runWithContext(useRun);
  let say: Run["told"] | undefined;
  await run(async ({ told }) => {
    say = told;
    told(1, 2);
    expect(progress.value).toEqual({ done: 1, of: 2 });
    return { ok: true, value: null };
  });
  say?.(2, 2);
  expect(progress.value, "or every button would wait for what is done").toBeNull();
});
