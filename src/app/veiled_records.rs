//! Audit records of whoever was drawn: they tell the code name and never the account, like all else that is read of a
//! batch (`code_names.rs`). The records themselves do not change; this is how they are read.

use std::collections::{BTreeSet, HashMap};

use super::audit::Record;
use super::code_names::{self, Veil};
use super::{Result, packets};
use crate::domain::audit::AuditAction;
use crate::domain::ids::{IssueId, UserId, VisitId};
use crate::domain::role::Role;
use crate::store::{Conn, audit, issues, users};

/// What was handed in of one person's, or found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// A report, or a step on an issue.
    OnIssue(IssueId),
    /// A visit.
    Visit(VisitId),
}

impl Written {
    /// What the target of an audit record names.
    fn of_target(target: &str) -> Option<Self> {
        let (kind, id) = target.split_once(':')?;
        let id = id.parse().ok()?;
        match kind {
            "issue" => Some(Written::OnIssue(IssueId(id))),
            "visit" => Some(Written::Visit(VisitId(id))),
            _ => None,
        }
    }
}

/// What the office calls the writer of these records, if a batch sent the writer to one of the visits, or if it is not
/// known yet; `None` for whoever is called by the account.
pub(crate) fn writer(conn: &mut Conn, writer: UserId, written: &[Written]) -> Result<Option<String>> {
    let on_issues: Vec<IssueId> = written
        .iter()
        .filter_map(|one| match one {
            Written::OnIssue(id) => Some(*id),
            Written::Visit(_) => None,
        })
        .collect();
    let mut walks: Vec<VisitId> = written
        .iter()
        .filter_map(|one| match one {
            Written::Visit(id) => Some(*id),
            Written::OnIssue(_) => None,
        })
        .collect();
    // Whoever checks an issue is not its finder.
    let found = issues::find_many(conn, &on_issues)?.into_iter().filter(|issue| issue.finding.finder_id == writer);
    walks.extend(found.filter_map(|issue| issue.finding.visit_id));
    let veils = code_names::of_visits(conn, walks.into_iter())?;
    let names: BTreeSet<String> = veils.into_values().map(Veil::into_name).collect();
    Ok((!names.is_empty()).then(|| names.into_iter().collect::<Vec<_>>().join("、")))
}

/// The same records as their readers see them.
pub(super) fn shown(conn: &mut Conn, records: Vec<Record>) -> Result<Vec<Record>> {
    let is_handed_in =
        |record: &Record| matches!(record.entry.action, AuditAction::PacketHandedIn | AuditAction::RecordHandedIn);
    let requests: BTreeSet<String> =
        records.iter().filter(|record| is_handed_in(record)).map(|record| record.entry.request_id.clone()).collect();
    let veils = of_packets(conn, &requests.into_iter().collect::<Vec<_>>())?;
    Ok(records
        .into_iter()
        .map(|mut record| {
            let entry = &mut record.entry;
            let name = veils.get(&entry.request_id);
            if let (AuditAction::PacketHandedIn, Some(name)) = (entry.action, name) {
                entry.target = format!("user:{name}");
            } else if let (AuditAction::RecordHandedIn, Some(name)) = (entry.action, name) {
                entry.detail = packets::handed_in_for(name);
            } else if entry.action == AuditAction::AccessDenied && entry.actor_role == Some(Role::Inspector) {
                // Who asks for a batch, a visit or an issue of it was drawn for it.
                entry.target = without_ids(&entry.target);
            }
            record
        })
        .collect())
}

/// What the writers of packets are called, by request, where they are not called by the account. All records of a
/// packet are one person's.
fn of_packets(conn: &mut Conn, requests: &[String]) -> Result<HashMap<String, String>> {
    let mut written: HashMap<String, (Option<String>, Vec<Written>)> = HashMap::new();
    for entry in audit::of_requests(conn, AuditAction::RecordHandedIn, requests)? {
        let (username, all) = written.entry(entry.request_id).or_default();
        *username = packets::written_by(&entry.detail).map(str::to_owned);
        all.extend(Written::of_target(&entry.target));
    }
    let mut veils = HashMap::new();
    for (request, (username, written)) in written {
        let Some(username) = username else { continue };
        let Some(user) = users::find_by_username(conn, &username)? else { continue };
        if let Some(name) = writer(conn, user.id, &written)? {
            veils.insert(request, name);
        }
    }
    Ok(veils)
}

/// A path with its ids left out.
fn without_ids(path: &str) -> String {
    let part = |part: &str| if part.parse::<uuid::Uuid>().is_ok() { "…".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_without_ids() {
        let id = "00000000-0000-4000-8000-000000000001";
        assert_eq!(without_ids(&format!("/api/v1/batches/{id}/draw")), "/api/v1/batches/…/draw");
        assert_eq!(without_ids("/api/v1/users"), "/api/v1/users");
    }

    #[test]
    fn a_target_names_an_issue_or_a_visit() {
        let id = uuid::Uuid::from_u128(7);
        assert_eq!(Written::of_target(&format!("visit:{id}")), Some(Written::Visit(VisitId(id))));
        assert_eq!(Written::of_target(&format!("issue:{id}")), Some(Written::OnIssue(IssueId(id))));
        for other in ["user:unit01", "visit:7", "visit"] {
            assert_eq!(Written::of_target(other), None);
        }
    }
}
