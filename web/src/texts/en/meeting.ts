import type { MeetingKey } from "..";

export const enMeeting: Record<MeetingKey, string> = {
  "meeting.open": "Meeting screen",
  "meeting.title": "Scores shown · {month}",
  "meeting.group": "Peer group",
  "meeting.creation": "Creating the four cities",
  "meeting.economy": "Economy",
  "meeting.governance": "Governance",
  "meeting.chart": "{group}: {dimension}, the best first",
  "meeting.table": "Scores and ranks of the three",
  "meeting.cell": "{score} ({rank})",
  "meeting.noSheet": "Nothing was read for this one yet.",
  "meeting.import": "Read economy and governance from a sheet",
  "meeting.importHint":
    "A sheet with the columns 单位名称 (or 单位编码), 经济发展 and 社会治理, a line for each unit, scores from 0 to " +
    "100. They stay on this device, and go when you sign out.",
  "meeting.file": "CSV file",
  "meeting.paste": "Or paste cells of a spreadsheet",
  "meeting.read": "Read",
  "meeting.clear": "Forget what was read",
  "meeting.fault.heading": "Line {line}: no column “{cell}”",
  "meeting.fault.unit": "Line {line}: no unit “{cell}”",
  "meeting.fault.twice": "Line {line}: “{cell}” again",
  "meeting.fault.number": "Line {line}: “{cell}” is no score from 0 to 100",
  "meeting.faults": "{count} faults; nothing was read.",
};
