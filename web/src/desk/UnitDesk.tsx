import { NoticesPage } from "./print/NoticesPage";

/** A unit's pages on a wide screen, and on paper at any width. */
export function UnitDesk() {
  return <NoticesPage />;
}
