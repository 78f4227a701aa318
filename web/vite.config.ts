import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig } from "vitest/config";
import type { Plugin, Rolldown } from "vite";
import { TARGETS, versionOf } from "./build/floor.mjs";
import { splitting } from "./build/parts.ts";

/** The address of the service during development. */
const service = process.env.ANFANG_URL ?? "http://127.0.0.1:8080";

/** The policy that the service sends with every page; used here to notice violations of the built app. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
  "worker-src 'self'; manifest-src 'self'; font-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The files that phones may need: the parts for a desk would only cost phones data. */
function filesOfPhones(bundle: Rolldown.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  const found = new Set(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
  const styles = new Set<string>();
  for (const name of found) {
    const chunk = chunks.find((one) => one.fileName === name);
    for (const style of chunk?.viteMetadata?.importedCss ?? []) styles.add(style);
    for (const next of [...(chunk?.imports ?? []), ...(chunk?.dynamicImports ?? [])]) {
      const isDesk = chunks.some(
        (one) => one.fileName === next && /\/src\/(office|desk)\//.test(one.facadeModuleId ?? ""),
      );
      if (!isDesk) found.add(next);
    }
  }
  return [...found, ...styles];
}

/** Moves the bundler's manifest out of dist, to where the budgets read it. */
function manifestAside(): Plugin {
  return {
    name: "anfang-manifest",
    apply: "build",
    closeBundle() {
      const written = join(import.meta.dirname, "dist/.vite");
      renameSync(join(written, "manifest.json"), join(import.meta.dirname, "node_modules/.anfang-manifest.json"));
      rmSync(written, { recursive: true });
    },
  };
}

/** Writes sw.js with the names of the files that open the app offline. */
function serviceWorker(): Plugin {
  return {
    name: "anfang-service-worker",
    apply: "build",
    generateBundle(_, bundle) {
      const code = readFileSync(new URL("src/service-worker.js", import.meta.url), "utf8");
      const files = filesOfPhones(bundle);
      const list = ["/", "/floor.js", "/manifest.webmanifest", "/icon.svg", ...files.sort().map((name) => `/${name}`)];
      const version = files
        .join()
        .split("")
        .reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7)
        .toString(36);
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

/** Writes compressed .br and .gz files, so that the service need not compress. */
function compressedTwins(): Plugin {
  return {
    name: "anfang-compressed-twins",
    apply: "build",
    enforce: "post",
    // From the written files: before, the bundler still changes names in the code.
    writeBundle(options, bundle) {
      for (const name of [...Object.keys(bundle), "floor.js"]) {
        if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) continue;
        const path = join(options.dir ?? "dist", name);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Puts the required versions into the page for older browsers. */
function floorWords(): Plugin {
  return {
    name: "anfang-floor",
    transformIndexHtml: (html) =>
      html.replace(/%CHROME%/g, versionOf("Chrome")).replace(/%SAFARI%/g, versionOf("Safari")),
  };
}

const proxy = {
  "/api": {
    target: service,
    changeOrigin: true,
    // The service accepts cookies only from its own origin, which the proxy hides.
    headers: { origin: service },
  },
};

export default defineConfig({
  plugins: [floorWords(), serviceWorker(), compressedTwins(), manifestAside()],
  build: {
    // The oldest supported browsers; newer syntax is lowered to them.
    target: TARGETS,
    cssTarget: TARGETS,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: {
      // The limits of src/api/limits.ts stand where they are used, and cost no file that shares them anything.
      optimization: { inlineConst: { mode: "all" } },
      output: {
        codeSplitting: splitting(import.meta.dirname),
      },
    },
  },
  server: { proxy },
  preview: { proxy, headers: { "Content-Security-Policy": contentSecurityPolicy } },
  test: {
    // Some wait for pauses of the app, which take longer on a busy machine; what hangs is found anyway.
    testTimeout: 30_000,
    environment: "happy-dom",
    setupFiles: ["tests/withWords.ts"],
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
  },
});
