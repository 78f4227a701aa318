//! Rows inserted directly: the minimum for the foreign keys.

use anfang::store::Conn;
use diesel::connection::SimpleConnection;

use super::backend::Backend;

/// Sixteen equal bytes as a literal.
pub fn id(backend: Backend, byte: u8) -> String {
    let hex = format!("{byte:02x}").repeat(16);
    match backend {
        Backend::Sqlite => format!("x'{hex}'"),
        Backend::Postgres => format!("'\\x{hex}'::bytea"),
    }
}

/// A minimal county: a unit (id 1), an inspector (2), a campaign, an item, a point (3) and a submitted issue (4) with
/// its first event.
pub fn one_issue(conn: &mut Conn, backend: Backend) {
    let [unit, inspector, point, issue] = [1, 2, 3, 4].map(|byte| id(backend, byte));
    conn.batch_execute(&format!(
        "INSERT INTO units (id, code, name, kind, area_code, active) VALUES ({unit}, 'U', '城管局', 'bureau', '511700', TRUE);
         INSERT INTO users (id, username, display_name, role, password_hash, password_changed_at, must_change_password, created_at)
             VALUES ({inspector}, 'inspector01', '甲', 'inspector', '-', 0, FALSE, 0);
         INSERT INTO campaigns (code, name_zh, name_en, level, honour_name) VALUES ('WM', '文明', 'Civilised', 'county', '-');
         INSERT INTO point_types (code, name_zh, name_en, observation_unit, look_first, radius_m)
             VALUES ('market', '市场', 'Market', '-', '-', 100);
         INSERT INTO items (code, campaign, title_zh, title_en, point_types, weight, veto, limit_note, chips, source)
             VALUES ('WM-07', 'WM', '通道', 'Passage', 'market', 1, FALSE, '', '', '');
         INSERT INTO points (id, code, name, point_type, lat, lon, radius_m, campaigns, is_demo, lead_unit_id, area_code, address, active)
             VALUES ({point}, 'P', '东门市场', 'market', 31.2, 107.5, 100, 'WM', TRUE, {unit}, '511700', '', TRUE);
         INSERT INTO issues (id, version, public_version, state, round, source, severity, campaign, item_code, point_id, area_code, finder_id,
                 description, captured_at, received_at, urgent, final_assignment, due_order, unclaimed, chain_no)
             VALUES ({issue}, 1, 0, 'submitted', 1, 'inspection', 'high', 'WM', 'WM-07', {point}, '511700', {inspector},
                 '', 0, 0, FALSE, FALSE, 0, FALSE, 0);
         INSERT INTO issue_events (issue_id, version, at, actor_id, actor_role, action, to_state, photos, changes)
             VALUES ({issue}, 1, 0, {inspector}, 'inspector', 'report', 'submitted', '[]', '{{}}');
         INSERT INTO audit (at, action, target, outcome, detail, request_id) VALUES (0, 'sign-in', 'user:x', 'done', '', 'r');"
    ))
    .expect("the rows are well formed");
}
