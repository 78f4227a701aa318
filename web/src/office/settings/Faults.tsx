import { useState } from "preact/hooks";
import type { Sheet } from "../../api/sheets";
import type { FieldCode } from "../../api/types";
import { language, t } from "../../texts";
import { Notice } from "../../ui/Notice";
import { CopyButton } from "./CopyButton";
import { columnText } from "./ImportPage";
import type { Fault } from "./sheetText";
import { fits, Filter, Search, Table } from "./Table";

/** Everything that is wrong with a sheet, by line. */
export function Faults({ faults, sheet }: { faults: Fault[]; sheet: Sheet }) {
  const [words, setWords] = useState("");
  const [column, setColumn] = useState("");
  const why = (fault: Fault) => whyOf(fault, sheet);
  const columns = faults
    .map((fault) => fault.column)
    .filter((name, at, all) => name !== "" && all.indexOf(name) === at);
  const shown = faults.filter(
    (fault) =>
      (column === "" || fault.column === column) &&
      fits(words, String(fault.line), fault.column, fault.cell, why(fault)),
  );
  const lines = new Set(faults.map((fault) => fault.line)).size;
  const asText = () =>
    [
      [t("faults.line"), t("import.column"), t("faults.cell"), t("faults.why")],
      ...shown.map((fault) => [String(fault.line || ""), fault.column, fault.cell, why(fault)]),
    ]
      .map((row) => row.join("\t"))
      .join("\n");
  return (
    <section class="stack" aria-labelledby="faults-title">
      <Notice tone="danger" role="alert">
        <h2 id="faults-title">{t("faults.sum", { faults: faults.length, lines })}</h2>
        <p>{t("faults.hint")}</p>
      </Notice>
      <Search label={t("faults.search")} value={words} onInput={setWords} />
      <div class="filters">
        <Filter
          label={t("import.column")}
          value={column}
          onChange={setColumn}
          options={columns.map((name) => [name, name])}
        />
        <CopyButton label={t("faults.copy")} text={asText} />
      </div>
      <Table
        key={`${words}|${column}`}
        caption={t("faults.title")}
        rows={shown.map((fault, at) => ({ ...fault, at }))}
        keyOf={(fault) => fault.at}
        empty={t("table.empty")}
        columns={[
          {
            label: t("faults.line"),
            cell: (fault) =>
              fault.line === 0 ? null : <strong class="nowrap">{t("faults.lineOf", { line: fault.line })}</strong>,
          },
          { label: t("import.column"), cell: (fault) => <span class="nowrap">{fault.column}</span> },
          {
            label: t("faults.cell"),
            cell: (fault) =>
              fault.cell === "" ? (
                fault.column === "" || fault.isHeading ? null : (
                  <span class="meta">{t("faults.emptyCell")}</span>
                )
              ) : (
                <code lang="zh-CN">{fault.cell}</code>
              ),
          },
          { label: t("faults.why"), cell: why },
        ]}
      />
    </section>
  );
}

/**
 * The fault in the reader's language with what would be right. For a whole line there is only the service's own text.
 */
function whyOf(fault: Fault, sheet: Sheet): string {
  const code = t(`field.${fault.code as FieldCode}`);
  const colon = t("punctuation.colon");
  if (language.value === "en") return `${code}${colon} ${fault.detail}`;
  if (fault.earlier !== null) return t("faults.earlier", { line: fault.earlier });
  if (fault.column === "" && fault.code === "missing") return t("faults.heading.none");
  if (fault.isHeading)
    return t(
      `faults.heading.${fault.code === "unknown" ? "unknown" : fault.code === "duplicate" ? "duplicate" : "missing"}`,
    );
  if (fault.code === "malformed" && /^[=＝#]/.test(fault.cell)) return t("faults.formula");
  const column = sheet.columns.find((one) => one.headings.includes(fault.column) || one.name === fault.column);
  if (column) return `${code}${t("punctuation.comma")}${t("faults.should", { what: columnText(sheet.kind, column) })}`;
  return fault.detail ? `${code}${colon}${fault.detail}` : code;
}
