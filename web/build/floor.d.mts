export const TARGETS: string[];
export function versionOf(wanted: "Chrome" | "ChromeAndroid" | "Safari" | "iOS"): string;
interface Row { support: Record<string, unknown> }
interface Table { __compat: Row; [name: string]: Table | Row }
export function compatibility(): { api: Record<string, Table>; javascript: { builtins: Record<string, Table>; operators: Record<string, Table>; grammar: Record<string, Table>; statements: Record<string, Table> } };
export function lackedBy(compat: Row, mayPrefix?: boolean): string[];
export function firstWith(table: string, compats: Row[]): number;
