import type { Imported } from "../../api/sheets";
import { t } from "../../texts";
import { Notice } from "../../ui/Notice";
import { CopyButton } from "./CopyButton";
import { saveText, toCsv } from "./sheetText";
import { Table } from "./Table";

/** First passwords of accounts from a sheet: shown now, and never again. */
export function FirstPasswords({ passwords }: { passwords: Imported["passwords"] }) {
  const rows = () => [
    [t("login.username"), t("once.password")],
    ...passwords.map((one) => [one.username, one.password]),
  ];
  return (
    <section class="stack" aria-labelledby="passwords-title">
      <Notice tone="warn">
        <h2 id="passwords-title">{t("once.many", { count: passwords.length })}</h2>
        <p>{t("once.hint")}</p>
      </Notice>
      <div class="wrap">
        <CopyButton
          label={t("once.copyTable")}
          text={() =>
            rows()
              .map((row) => row.join("\t"))
              .join("\n")
          }
        />
        <button type="button" class="button" onClick={() => saveText(`${t("once.fileName")}.csv`, toCsv(rows()))}>
          {t("once.save")}
        </button>
      </div>
      <Table
        caption={t("once.password")}
        rows={passwords}
        keyOf={(one) => one.username}
        empty={t("table.empty")}
        columns={[
          { label: t("login.username"), cell: (one) => one.username },
          { label: t("once.password"), cell: (one) => <code class="once">{one.password}</code> },
        ]}
      />
    </section>
  );
}
