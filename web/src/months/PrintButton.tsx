import { useEffect } from "preact/hooks";
import { t } from "../texts";

/** Prints the page with its title, which the other printed pages of the desk leave out. */
export function PrintButton() {
  useEffect(() => {
    const { classList } = document.documentElement;
    classList.add("prints-title");
    return () => classList.remove("prints-title");
  }, []);
  return (
    <button type="button" class="button no-print" onClick={() => print()}>
      {t("months.print")}
    </button>
  );
}
