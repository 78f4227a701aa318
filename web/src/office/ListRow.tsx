import type { ComponentChildren } from "preact";
import type { OfficeIssue } from "../api/types";
import { link } from "../router";
import { itemOf, unitOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { formatDeadline, formatMoment } from "../time/moment";
import { Picture } from "../ui/Picture";
import { SeverityChip, StateChip } from "../ui/StateChip";
import { Row } from "./drawing";
import type { Column } from "./listLook";

interface Props {
  issue: OfficeIssue;
  index: number;
  isAt: boolean;
  isChosen: boolean;
  /** The columns of the dense look; `null` for the comfortable one. */
  columns: Column[] | null;
  onChoose: (index: number, isRange: boolean) => void;
}

/** A row of the list. */
export class ListRow extends Row<Props> {
  override render({ issue, index, isAt, isChosen, columns, onChoose }: Props) {
    return (
      <tr id={`row-${issue.id}`} class={isAt ? "row-at" : ""} aria-selected={isChosen}>
        <td class="cell-choose">
          <label>
            <input
              type="checkbox"
              aria-label={t("bulk.choose", { name: issue.point.name })}
              checked={isChosen}
              onClick={(event) => onChoose(index, event.shiftKey)}
            />
          </label>
        </td>
        {columns ? (
          columns.map((column) => (
            <td key={column} class={`col-${column}`}>
              {CELLS[column](issue)}
            </td>
          ))
        ) : (
          <Comfortable issue={issue} />
        )}
      </tr>
    );
  }
}

const faultOf = (issue: OfficeIssue): string => faultTitle(itemOf(issue.item_code)) || issue.item_code;
const photoOf = ({ photos: [photo] }: OfficeIssue): ComponentChildren =>
  photo ? <Picture id={photo.id} variant="thumb" alt="" hasPreview={photo.has_preview} /> : null;
const dueOf = (issue: OfficeIssue): ComponentChildren =>
  issue.due_at ? (
    <span class={issue.overdue ? "text-danger" : ""}>
      {issue.overdue ? `${t("office.overdue")} ` : ""}
      {formatDeadline(issue.due_at)}
    </span>
  ) : (
    <span class="meta">{t("list.noDue")}</span>
  );
/** What waits for an answer, and whether the evidence is doubted. */
const marksOf = (issue: OfficeIssue): ComponentChildren => [
  issue.flag_codes.length > 0 ? (
    <span class="chip tone-warn doubted" key="flags">
      {t("office.flagged")}
    </span>
  ) : null,
  ...issue.requests
    .filter((request) => request.state === "pending")
    .map((request) => (
      <span class="chip tone-violet" key={request.id}>
        {t(`request.${request.kind}`)}
      </span>
    )),
];

const CELLS: Record<Column, (issue: OfficeIssue) => ComponentChildren> = {
  photo: (issue) => <span class="thumb thumb-tiny">{photoOf(issue)}</span>,
  number: (issue) => issue.number ?? t("issue.noNumber"),
  place: (issue) => (
    <a href={link("issue", issue.id)} lang="zh-CN" title={issue.point.name}>
      {issue.point.name}
    </a>
  ),
  item: (issue) => <span title={faultOf(issue)}>{faultOf(issue)}</span>,
  description: (issue) => (
    <span lang="zh-CN" title={issue.description}>
      {issue.description}
    </span>
  ),
  state: (issue) => [<StateChip key="state" state={issue.state} />, " ", ...[marksOf(issue)].flat()],
  severity: (issue) => <SeverityChip severity={issue.severity} />,
  unit: (issue) => unitOf(issue.unit_id)?.name ?? t("unit.unknown"),
  handler: (issue) => issue.handler ?? "",
  due: dueOf,
  received: (issue) => formatMoment(issue.received_at),
  round: (issue) => String(issue.round),
};

/** The comfortable look: a photo, and several lines in a row. */
function Comfortable({ issue }: { issue: OfficeIssue }) {
  return (
    <>
      <td class="cell-photo">
        <span class="thumb thumb-small">{photoOf(issue)}</span>
      </td>
      <td>
        <a href={link("issue", issue.id)}>
          <strong lang="zh-CN">{issue.point.name}</strong>
        </a>
        <br />
        <span class="meta">{faultOf(issue)}</span>
        <br />
        <span class="caption">
          {issue.number ?? t("issue.noNumber")}
          {/* Paper does not tell when somebody was there. */}
          <span class="no-print">
            {" \u00b7 "}
            {formatMoment(issue.captured_at)}
          </span>
        </span>
      </td>
      <td>
        <span class="wrap">
          <StateChip state={issue.state} />
          <SeverityChip severity={issue.severity} />
          {marksOf(issue)}
        </span>
      </td>
      <td data-label={t("unit.title")}>{unitOf(issue.unit_id)?.name ?? t("unit.unknown")}</td>
      <td data-label={t("list.due")}>{dueOf(issue)}</td>
    </>
  );
}
