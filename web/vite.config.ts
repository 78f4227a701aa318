import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";
import { TARGETS, versionOf } from "./build/floor.mjs";

/** Where the service answers while developing. */
const service = process.env.ANFANG_URL ?? "http://127.0.0.1:8080";

/** What the service sends with every page; here too, so that a breach shows while developing the build. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
  "worker-src 'self'; manifest-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Writes sw.js with the names of the files that open the app offline. */
function serviceWorker(): Plugin {
  return {
    name: "anfang-service-worker",
    apply: "build",
    generateBundle(_, bundle) {
      const code = readFileSync(new URL("src/service-worker.js", import.meta.url), "utf8");
      // The office works at a desk with a network: its chunk would only cost phones data.
      const files = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css)$/.test(name) && !/office/i.test(name));
      const list = ["/", "/floor.js", "/manifest.webmanifest", "/icon.svg", ...files.sort().map((name) => `/${name}`)];
      const version = files.join().split("").reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7).toString(36);
      const source = code
        .replace(/^\s*\/\/.*$/gm, "")
        .replace(/\n\s*/g, "\n")
        .replace("__FILES__", JSON.stringify(list))
        .replace("__VERSION__", version)
        .trim();
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

/** Writes .br and .gz twins, so that the service compresses nothing at run time. */
function compressedTwins(): Plugin {
  return {
    name: "anfang-compressed-twins",
    apply: "build",
    enforce: "post",
    // Of what was written: until then the bundler still puts names into the code.
    writeBundle(options, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) continue;
        const path = join(options.dir ?? "dist", name);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Tells the page that is shown to older browsers what is needed. */
function floorWords(): Plugin {
  return {
    name: "anfang-floor",
    transformIndexHtml: (html) => html.replace(/%CHROME%/g, versionOf("Chrome")).replace(/%SAFARI%/g, versionOf("Safari")),
  };
}

const proxy = {
  "/api": {
    target: service,
    changeOrigin: true,
    // The service takes cookies only from its own origin; the proxy stands in front of it.
    headers: { origin: service },
  },
};

export default defineConfig({
  plugins: [floorWords(), serviceWorker(), compressedTwins()],
  build: {
    // The oldest browsers that are served; newer syntax is lowered to them.
    target: TARGETS,
    cssTarget: TARGETS,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // One shared part: many small ones compress worse and cost a round trip each.
        codeSplitting: {
          groups: [{ name: "shared", priority: 1, test: /node_modules.(?!gcoord)|vite|src\/(api\/(?!uploads|office|complaint)|draft|inspector\/(UnfinishedDrafts|IssueRow)|outbox\/(?!OutboxPage|Carrying|inPieces|upload)|photo|place|router|session|store|texts\/(zh\.|index)|time|ui\/(?!issuePages|MoreRows)|answer\/(IssuePage|PendingNotice|load))/ },
            // What the office's pages and its settings both draw maps with.
            { name: "officeMap", test: /node_modules.gcoord|src\/texts\/zhOffice|src\/office\/map\/(?!MapPage|MiniMap)/ },
            { name: "map", test: /src\/map\// }],
        },
      },
    },
  },
  server: { proxy },
  preview: { proxy, headers: { "Content-Security-Policy": contentSecurityPolicy } },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"] },
});
