// How a role reads a month: the office runs it, a unit sees its own, the others see what is locked.
import type { Row } from "../api/months";
import { link } from "../router";
import { session } from "../session/session";

export const isOffice = (): boolean => session.value?.user.role === "office";
export const isUnit = (): boolean => session.value?.user.role === "unit";
export const me = (): string => session.value?.user.id ?? "";
export const ownUnit = (): string => session.value?.unit?.id ?? session.value?.user.unit_id ?? "";

/** The page of what a row is, where this reader has one. */
export function rowLink({ kind, id }: Pick<Row, "kind" | "id">): string | null {
  if (kind === "issue") return link("issue", id);
  if (kind === "point" && !isUnit()) return `${link("issues")}?point_id=${id}`;
  return null;
}
