import { defineConfig } from "vitest/config";

/** Tests in a real browser: one after the other, because a small machine draws one map at a time. */
export default defineConfig({
  test: { include: ["e2e/**/*.test.ts"], environment: "node", fileParallelism: false, maxConcurrency: 1, testTimeout: 150_000, hookTimeout: 90_000 },
});
