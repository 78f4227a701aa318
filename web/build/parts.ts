// Which file of the app a module goes into, by the graph of imports: nobody has to keep a list of names.
import { resolve } from "node:path";

/** What the bundler tells of its modules. */
interface Graph {
  getModuleInfo(id: string): { importedIds: readonly string[]; dynamicallyImportedIds: readonly string[] } | null;
}
interface Parts {
  start: Set<string>;
  parts: Map<string, Set<string>>;
}

/**
 * The bundler's `codeSplitting`. Each part of the app is a file; what several parts share is one more: `start`,
 * `first…` screens, `later` (of phones), `desk`, or `common` to both. Many small files compress worse and cost a round
 * trip each.
 */
export function splitting(root: string) {
  const source = resolve(root, "src");
  /** The first screens of those who carry phones. */
  const first = [`${source}/inspector/InspectorPages.tsx`, `${source}/unit/UnitPages.tsx`];
  /** For a desk, never loaded by phones. */
  const isDesk = (id: string) => id.startsWith(`${source}/office/`);
  const main = `${source}/main.tsx`;
  let known: Parts | null = null;

  function groupOf(id: string, graph: Graph): string | null {
    known ??= read(main, graph);
    const { start, parts } = known;
    if (start.has(id)) return id === main ? null : "start";
    const users = [...parts].filter(([, modules]) => modules.has(id)).map(([part]) => part);
    if (users.length < 2) return null;
    if (users.every(isDesk)) return "desk";
    // What a first screen shares with other parts must not bring their forms with it, nor the other first screen's.
    const screens = first.filter((part) => users.includes(part));
    if (screens.length > 0)
      return screens.length === first.length ? "first" : screens[0] === first[0] ? "firstInspector" : "firstUnit";
    return users.some(isDesk) ? "common" : "later";
  }
  // A group takes along what its modules need; by their order, from what is taken already nothing is.
  const names = ["start", "first", "firstInspector", "firstUnit", "common", "desk", "later"];
  return {
    groups: names.map((name, at) => ({
      debugName: name,
      priority: names.length - at,
      name: (id: string, graph: Graph) => (groupOf(id, graph) === name ? name : null),
    })),
  };
}

/** The modules of the start, and those of every part that is fetched by itself. */
function read(main: string, graph: Graph): Parts {
  const start = closureOf(main, graph);
  const parts = new Map<string, Set<string>>();
  const open = [...start];
  for (const id of open) {
    for (const part of graph.getModuleInfo(id)?.dynamicallyImportedIds ?? []) {
      if (parts.has(part)) continue;
      const modules = closureOf(part, graph);
      parts.set(part, modules);
      open.push(...modules);
    }
  }
  return { start, parts };
}

/** What a module needs before it can run. */
function closureOf(root: string, graph: Graph): Set<string> {
  const found = new Set([root]);
  for (const id of found) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}
