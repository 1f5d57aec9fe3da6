import { defineConfig } from "vitest/config";

/** Where the service (or `npm run feed`) answers while `npm run dev` serves the page. */
const service = process.env["LIMES_URL"] ?? "http://127.0.0.1:8090";

export default defineConfig({
  base: "./",
  server: { host: "127.0.0.1", proxy: { "/api": { target: service, ws: true, changeOrigin: false } } },
  build: {
    target: "es2022",
    // The page's policy allows fonts and styles from its own address only, so nothing small becomes a data: address.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2500,
  },
  worker: { format: "es" },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
