import { useEffect, useRef, useState } from "preact/hooks";
import { SHEET_BYTES_MAX } from "../../api/limits";
import type { Sending } from "../../api/sendFile";
import { exportAddress, isWorkbook, listSheets, sendSheet, templateAddress } from "../../api/sheets";
import type { ImportKind, Imported, ListCrs, Sheet } from "../../api/sheets";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { keysOf } from "../../keysOf";
import { ROLES } from "../../roles";
import { link } from "../../router";
import { refreshReference } from "../../session/reference";
import { formatSize } from "../../store/storageSpace";
import { textIfKnown, language, t } from "../../texts";
import type { TextKey } from "../../texts";
import { useCached } from "../../ui/useCached";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { CopyButton } from "./CopyButton";
import { Faults } from "./Faults";
import { FirstPasswords } from "./FirstPasswords";
import { decode, faultsOf, readFile } from "./sheetText";
import type { Fault } from "./sheetText";

/** What the degrees of a list may be. */
const SYSTEMS: ListCrs[] = ["wgs84", "cgcs2000", "gcj02", "bd09"];
/** Workbooks of kinds that the service does not read. */
const OTHER_BOOK = /\.(xlsm|xlsb|xls|et|ods|numbers)$/i;

/** Loads a sheet: chosen, checked, and only then written. */
export function ImportPage({ kind }: { kind: ImportKind }) {
  const sheets = useCached<Sheet[]>("imports", listSheets);
  const title = t("import.title", { what: t(`import.${kind}`) });
  return (
    <Page title={title} back={link("settings", kind)}>
      <Fetched of={sheets}>
        {(all) => {
          const sheet = all.find((one) => one.kind === kind);
          return sheet ? (
            <Import sheet={sheet} />
          ) : (
            <Notice tone="danger" role="alert">
              <p>{t("problem.forbidden")}</p>
            </Notice>
          );
        }}
      </Fetched>
    </Page>
  );
}

type Stage =
  | { at: "choose" }
  | { at: "sending"; isCheck: boolean; share: number }
  | { at: "faults"; faults: Fault[] }
  | { at: "checked" | "done"; result: Imported }
  | { at: "failed"; failure: Failure; isCheck: boolean }
  | { at: "stopped"; isCheck: boolean };

function Import({ sheet }: { sheet: Sheet }) {
  const [file, setFile] = useState<File | null>(null);
  const [stage, setStage] = useState<Stage>({ at: "choose" });
  const [crs, setCrs] = useState<ListCrs>("wgs84");
  const sending = useRef<Sending<Imported> | null>(null);
  const isStopped = useRef(false);
  useEffect(() => () => sending.current?.stop(), []);

  async function send(chosen: File, isCheck: boolean) {
    isStopped.current = false;
    setStage({ at: "sending", isCheck, share: 0 });
    const onSent = (share: number) => setStage((now) => (now.at === "sending" ? { ...now, share } : now));
    sending.current = sendSheet(sheet.kind, chosen, isCheck, onSent, crs);
    try {
      const result = await sending.current.done;
      setStage({ at: isCheck ? "checked" : "done", result });
      if (!isCheck) void refreshReference().catch(() => undefined);
    } catch (cause) {
      const failure = asFailure(cause);
      if (isStopped.current) setStage({ at: "stopped", isCheck });
      else if (failure.fields.length > 0)
        setStage({
          at: "faults",
          // What a workbook holds is not read here: its faults are named by line and column alone.
          faults: await (isWorkbook(chosen.name) ? Promise.resolve("") : readFile(chosen).then(decode)).then(
            (text) => faultsOf(failure.fields, sheet, text),
            () => faultsOf(failure.fields, sheet, ""),
          ),
        });
      else setStage({ at: "failed", failure, isCheck });
    } finally {
      sending.current = null;
    }
  }
  function choose(input: HTMLInputElement) {
    const chosen = input.files?.[0];
    // Otherwise the same file could not be chosen again after a correction.
    input.value = "";
    if (!chosen) return;
    setFile(chosen);
    if (chosen.size > SHEET_BYTES_MAX || OTHER_BOOK.test(chosen.name)) setStage({ at: "choose" });
    else void send(chosen, true);
  }
  const stop = () => {
    isStopped.current = true;
    sending.current?.stop();
  };
  const isBook = file !== null && OTHER_BOOK.test(file.name);
  const isLarge = file !== null && file.size > SHEET_BYTES_MAX;

  return (
    <div class="stack-wide">
      {stage.at === "done" ? null : <Columns sheet={sheet} />}
      {stage.at === "done" ? null : (
        <div class="stack">
          {sheet.kind === "points" ? (
            <div class="field">
              <label class="label" for="crs">
                {t("import.crs")}
              </label>
              <p class="meta" id="crs-hint">
                {t("import.crsHint")}
              </p>
              <select
                id="crs"
                aria-describedby="crs-hint"
                value={crs}
                disabled={stage.at === "sending"}
                onChange={(event) => {
                  setCrs(event.currentTarget.value as ListCrs);
                  // What was checked was checked in another system.
                  setFile(null);
                  setStage({ at: "choose" });
                }}
              >
                {SYSTEMS.map((one) => (
                  <option key={one} value={one}>
                    {t(`crs.${one}`)}
                  </option>
                ))}
              </select>
            </div>
          ) : null}
          <label class={`take ${file ? "" : "take-main"}`}>
            {file ? t("import.chooseAgain") : t("import.choose")}
            <input
              type="file"
              accept=".xlsx,.csv,.txt,text/csv,text/plain"
              disabled={stage.at === "sending" || !reachable.value}
              onChange={(event) => choose(event.currentTarget)}
            />
          </label>
          {file ? <p class="meta">{t("import.file", { name: file.name, size: formatSize(file.size) })}</p> : null}
          {isBook ? (
            <p class="field-error" role="alert">
              {t("import.isBook")}
            </p>
          ) : isLarge ? (
            <p class="field-error" role="alert">
              {t("import.isLarge", { size: formatSize(SHEET_BYTES_MAX) })}
            </p>
          ) : null}
          {reachable.value ? null : (
            <Notice tone="warn">
              <p>{t("desk.needsNetwork")}</p>
            </Notice>
          )}
        </div>
      )}
      {stage.at === "sending" ? (
        <div class="card stack" role="status">
          <p>
            {t(
              stage.share < 1
                ? "import.sending"
                : stage.isCheck
                  ? "import.checking"
                  : sheet.kind === "users"
                    ? "import.writingUsers"
                    : "import.writing",
            )}
          </p>
          {stage.share < 1 ? (
            <progress max={100} value={Math.round(stage.share * 100)} aria-label={t("import.sending")} />
          ) : (
            <progress aria-label={t("import.checking")} />
          )}
          <button type="button" class="button" onClick={stop}>
            {t("action.cancel")}
          </button>
        </div>
      ) : null}
      {stage.at === "stopped" ? (
        <Notice tone="warn" role="status">
          <p>{t(stage.isCheck ? "import.stoppedCheck" : "import.stopped")}</p>
        </Notice>
      ) : null}
      {stage.at === "failed" ? (
        <FailureNotice
          failure={stage.failure}
          safe={t(
            stage.isCheck
              ? "import.nothingWritten"
              : stage.failure.isUnreachable
                ? "import.unknown"
                : "import.nothingWritten",
          )}
          {...(file ? { onRetry: () => void send(file, true) } : {})}
        />
      ) : null}
      {stage.at === "faults" ? <Faults faults={stage.faults} sheet={sheet} /> : null}
      {stage.at === "checked" && file ? (
        <Checked result={stage.result} sheet={sheet} onConfirm={() => void send(file, false)} />
      ) : null}
      {stage.at === "done" ? (
        <div class="stack">
          <Notice tone="success" role="status">
            <p>
              <strong>{t("import.done")}</strong>
            </p>
            <Sums result={stage.result} />
          </Notice>
          {stage.result.passwords.length > 0 ? <FirstPasswords passwords={stage.result.passwords} /> : null}
          <div class="wrap">
            <a class="button button-primary" href={link("settings", sheet.kind)}>
              {t("import.toList")}
            </a>
            <button
              type="button"
              class="button"
              onClick={() => {
                setFile(null);
                setStage({ at: "choose" });
              }}
            >
              {t("import.another")}
            </button>
          </div>
        </div>
      ) : null}
    </div>
  );
}

/** How a sheet has to look. */
function Columns({ sheet }: { sheet: Sheet }) {
  const heading = sheet.columns.map((column) => column.headings[0] ?? column.name);
  return (
    <section class="card stack" aria-labelledby="columns-title">
      <h2 id="columns-title">{t("import.how")}</h2>
      <p>{t("import.format")}</p>
      <p class="meta">{t(`import.match.${sheet.kind}` as TextKey)}</p>
      <div class="wrap">
        <a class="button" href={templateAddress(sheet.kind)} download>
          {t("import.template")}
        </a>
        <CopyButton label={t("import.copyHeading")} text={() => heading.join("\t")} />
        <a class="button" href={exportAddress(sheet.kind, "xlsx")} download>
          {t("import.export")}
        </a>
        <a class="button button-plain" href={exportAddress(sheet.kind, "csv")} download>
          {t("import.exportCsv")}
        </a>
      </div>
      <details>
        <summary>{t("import.columns", { count: sheet.columns.length })}</summary>
        <table class="sheet">
          <caption class="visually-hidden">{t("import.how")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("import.column")}</th>
              <th scope="col">{t("import.required")}</th>
              <th scope="col">{t("import.holds")}</th>
            </tr>
          </thead>
          <tbody>
            {sheet.columns.map((column) => (
              <tr key={column.name}>
                <td>
                  <strong lang="zh-CN">{column.headings[0] ?? column.name}</strong>
                  <br />
                  <span class="caption">{[column.name, ...column.headings.slice(1)].join(t("punctuation.comma"))}</span>
                </td>
                <td data-label={t("import.required")}>
                  {column.required ? (
                    <span class="chip tone-warn">{t("import.must")}</span>
                  ) : (
                    <span class="meta">{t(`import.empty.${column.empty}`)}</span>
                  )}
                </td>
                <td data-label={t("import.holds")}>{columnText(sheet.kind, column)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

export function columnText(kind: ImportKind, column: { name: string; holds: string }): string {
  if (language.value === "en") return column.holds;
  if (kind === "users" && column.name === "role") {
    const roles = keysOf(ROLES).map((role) => t(`role.${role}`));
    return t("holds.users.role", { roles: roles.join("\u3001") });
  }
  return textIfKnown(`holds.${kind}.${column.name}`) ?? textIfKnown(`holds.${column.name}`) ?? column.holds;
}

function Checked({ result, sheet, onConfirm }: { result: Imported; sheet: Sheet; onConfirm: () => void }) {
  const isNothing = result.created + result.changed === 0;
  return (
    <>
      {result.doubt ? (
        <Notice tone="warn" role="alert">
          <p>{t(`import.doubt.${result.doubt}`)}</p>
        </Notice>
      ) : null}
      {result.emptied_count > 0 ? <EmptiedValues result={result} sheet={sheet} /> : null}
      <Notice tone={isNothing ? "info" : "success"} role="status">
        <p>
          <strong>
            {t(isNothing ? "import.nothingNew" : "import.good", {
              count: result.created + result.changed + result.unchanged,
            })}
          </strong>
        </p>
        <Sums result={result} />
        {isNothing ? null : (
          <button type="button" class="button button-primary" disabled={!reachable.value} onClick={onConfirm}>
            {t("import.confirm", { count: result.created + result.changed })}
          </button>
        )}
      </Notice>
    </>
  );
}

/** Values that empty cells would clear, shown before anything is written. */
function EmptiedValues({ result, sheet }: { result: Imported; sheet: Sheet }) {
  const heading = (name: string) => sheet.columns.find((column) => column.name === name)?.headings[0] ?? name;
  return (
    <Notice tone="warn" role="alert">
      <p>
        <strong>{t("import.empties", { count: result.emptied_count })}</strong>
      </p>
      <p>{t("import.emptiesHint")}</p>
      <details>
        <summary>{t("import.emptiesList")}</summary>
        <ul class="stack">
          {result.emptied.map((one) => (
            <li key={`${one.line}/${one.column}`}>
              {t("import.emptiesOne", { line: one.line, column: heading(one.column), was: one.was })}
            </li>
          ))}
        </ul>
        {result.emptied.length < result.emptied_count ? (
          <p class="meta">{t("import.emptiesRest", { count: result.emptied_count - result.emptied.length })}</p>
        ) : null}
      </details>
    </Notice>
  );
}

function Sums({ result }: { result: Imported }) {
  return (
    <ul class="wrap sums">
      <li>{t("import.created", { count: result.created })}</li>
      <li>{t("import.changed", { count: result.changed })}</li>
      <li>{t("import.unchanged", { count: result.unchanged })}</li>
    </ul>
  );
}
