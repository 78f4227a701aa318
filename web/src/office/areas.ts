// Streets and townships, as choices of a form.
import type { Unit } from "../api/types";

/**
 * The area of each unit that answers for one. Where several say the same, which is the county then, none of them is an
 * area of its own.
 */
export function areas(units: Pick<Unit, "kind" | "active" | "area_code" | "name">[]): [code: string, name: string][] {
  const all = units.filter(({ kind, active }) => kind === "township" && active);
  const isAlone = (code: string) => all.filter(({ area_code }) => area_code === code).length === 1;
  return all.filter(({ area_code }) => isAlone(area_code)).map(({ area_code, name }) => [area_code, name]);
}
