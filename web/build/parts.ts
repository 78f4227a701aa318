// Decides into which file each module goes, by the graph of imports, so that nobody has to maintain a list.
import { resolve } from "node:path";

/** The part of the bundler's interface that is used here. */
interface Graph {
  getModuleInfo(id: string): { importedIds: readonly string[]; dynamicallyImportedIds: readonly string[] } | null;
}
interface Parts {
  start: Set<string>;
  parts: Map<string, Set<string>>;
}

/**
 * The bundler's `codeSplitting`. Each part of the app is a file. Modules shared by several parts go into one more:
 * `start`, `first…` (first screens), `later` (phones), `desk` (the office), `desks` (the office and units), or `common`
 * to all. Many small files compress worse and cost a round trip each, so that small parts share one too: `sending`, or
 * `later`.
 */
export function splitting(root: string) {
  const source = resolve(root, "src");
  /** The first screens on phones. */
  const first = [`${source}/inspector/InspectorPages.tsx`, `${source}/unit/UnitPages.tsx`];
  /** For the office's desk, never loaded by phones. */
  const isDesk = (id: string) => id.startsWith(`${source}/office/`);
  /** A unit's desk, the months, needs, leaders, what units found themselves: they must not move modules to what phones
   * fetch. */
  const isOnDemand = (id: string) =>
    ["desk", "leader", "months", "needs", "selfFound"].some((folder) => id.startsWith(`${source}/${folder}/`));
  /** Batches and people in charge, which must not move modules into what the office or a unit's desk fetches. */
  const isApart = (id: string) => ["batches", "charge"].some((folder) => id.startsWith(`${source}/office/${folder}/`));
  const main = `${source}/main.tsx`;
  const named = (names: string[]) => new Set(names.map((name) => `${source}/${name}`));
  /** What sending may need at once and nobody looks at. It imports nothing but the start. */
  const sending = named(["outbox/inPieces.ts", "outbox/lease.ts", "outbox/putVisit.ts", "outbox/refusal.ts"]);
  /** Parts too small for a file of their own: each would cost a round trip, and its name in the start file. */
  const small = named([
    "draft/MarkEditor.tsx",
    "inspector/ReportHints.tsx",
    "outbox/edit.ts",
    "outbox/freeSpace.ts",
    "upkeep/cleanUp.ts",
  ]);
  let known: Parts | null = null;

  function groupOf(id: string, graph: Graph): string | null {
    known ??= read(main, graph);
    const { start, parts } = known;
    if (start.has(id)) return id === main ? null : "start";
    const all = [...parts].filter(([part, modules]) => modules.has(id) && !isApart(part)).map(([part]) => part);
    const users = all.filter((part) => !isOnDemand(part));
    if (users.length > 0 && users.every((part) => sending.has(part))) return "sending";
    if (users.length < 2) return users.some((part) => small.has(part)) ? "later" : null;
    // What the office and a unit's desk share: neither loads the other's files for it.
    if (users.every(isDesk)) return users.length < all.length ? "desks" : "desk";
    // Modules that a first screen shares must not bring other parts' forms, nor the other first screen's.
    const screens = first.filter((part) => users.includes(part));
    if (screens.length > 0)
      return screens.length === first.length ? "first" : screens[0] === first[0] ? "firstInspector" : "firstUnit";
    return users.some(isDesk) ? "common" : "later";
  }
  // A group also takes what its modules import, unless an earlier group has it.
  const names = ["start", "first", "firstInspector", "firstUnit", "common", "desks", "desk", "sending", "later"];
  return {
    groups: names.map((name, at) => ({
      debugName: name,
      priority: names.length - at,
      name: (id: string, graph: Graph) => (groupOf(id, graph) === name ? name : null),
    })),
  };
}

/** The modules of the start file, and those of every part. */
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

/** The module and everything it imports. */
function closureOf(root: string, graph: Graph): Set<string> {
  const found = new Set([root]);
  for (const id of found) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}
