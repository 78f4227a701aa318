//! Documents printed from the tables in the code, so that they cannot differ from it.

use std::fmt::Write;
use std::path::Path;

use anfang::domain::issue::{Action, LIFECYCLE, NextState, State};
use anfang::domain::policy::{POLICY, Permission, Reach, reach};
use anfang::domain::role::Role;

/// Compares `docs/generated/NAME` with `expected`, or writes it where `UPDATE_GENERATED=1` asks for it.
pub fn hold(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/generated").join(name);
    if std::env::var("UPDATE_GENERATED").is_ok_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, expected).unwrap();
        return;
    }
    if let Some(drift) = drift(&std::fs::read_to_string(&path).unwrap_or_default(), expected) {
        panic!(
            "docs/generated/{name} is not what the code says; {drift}\n\
             If the code is right: make generated"
        );
    }
}

/// The first line in which two texts differ.
fn drift(stored: &str, expected: &str) -> Option<String> {
    if stored == expected {
        return None;
    }
    let (mut left, mut right) = (stored.lines(), expected.lines());
    for number in 1.. {
        match (left.next(), right.next()) {
            (None, None) => break,
            (stored, expected) if stored == expected => {}
            (stored, expected) => {
                let [stored, expected] = [stored, expected].map(|line| line.unwrap_or("(no more lines)"));
                return Some(format!("line {number} is\n  {stored}\nand should be\n  {expected}"));
            }
        }
    }
    Some("the line ends differ".to_owned())
}

#[test]
fn a_drift_is_shown_where_it_begins() {
    assert_eq!(drift("a\nb\n", "a\nb\n"), None);
    assert!(drift("a\nb\n", "a\nc\n").unwrap().contains("line 2 is\n  b\nand should be\n  c"));
    assert!(drift("", "a\n").unwrap().contains("line 1 is\n  (no more lines)"));
    assert!(drift("a\nb", "a\n").unwrap().contains("should be\n  (no more lines)"));
    assert!(drift("a", "a\n").unwrap().contains("line ends"));
}

pub const HEAD: &str = "<!-- Printed from the code. Do not edit: `make generated` -->\n";

fn who(action: Action) -> String {
    let roles: Vec<String> = Role::ALL
        .iter()
        .map(|role| (role, reach(*role, Permission::Act(action))))
        .filter(|(_, reach)| *reach != Reach::Never)
        .map(|(role, reach)| format!("`{role}` {} ({reach})", role.zh()))
        .collect();
    match roles.as_slice() {
        [] if Action::NOT_ASKED_FOR.contains(&action) => "the service itself 系统".to_owned(),
        [] => "nobody 无".to_owned(),
        roles => roles.join(", "),
    }
}

fn states(states: &[State]) -> String {
    states.iter().map(|state| format!("`{state}`")).collect::<Vec<_>>().join(", ")
}

fn lifecycle() -> String {
    let mut text = format!("{HEAD}# The lifecycle of an issue 问题的流转\n\n");
    text += "A fix is owed 欠整改: the state in which a passed deadline is overdue. Final 终态: no step leads out of it to another state.\n\n";
    text += "## States 状态\n\n| state | 中文 | English | a fix is owed | final |\n| --- | --- | --- | --- | --- |\n";
    for state in State::ALL {
        let mark = |set: &[State]| if set.contains(state) { "yes" } else { "" };
        writeln!(
            text,
            "| `{state}` | {} | {} | {} | {} |",
            state.zh(),
            state.en(),
            mark(State::OWING),
            mark(State::FINAL)
        )
        .unwrap();
    }
    text +=
        "\n## Steps 动作\n\nWho 谁: the role, and in brackets how far its permission reaches (see permissions.md).\n\n";
    text += "| action | 中文 | English | who | from | leads to |\n| --- | --- | --- | --- | --- | --- |\n";
    for step in LIFECYCLE {
        let action = step.action;
        let from = if step.from.is_empty() { "(new 新建)".to_owned() } else { states(step.from) };
        let lead = match step.next {
            NextState::To(state) => format!("`{state}`"),
            NextState::Unchanged => "stays 不变".to_owned(),
            NextState::Decided(state) => format!("stays 不变, or `{state}`"),
        };
        writeln!(text, "| `{action}` | {} | {} | {} | {from} | {lead} |", action.zh(), action.en(), who(action))
            .unwrap();
    }
    text
}

fn permissions() -> String {
    let mut text = format!("{HEAD}# Permissions 权限\n\nWho may do what, and how far that reaches.\n\n| permission |");
    for role in Role::ALL {
        write!(text, " `{role}` {} |", role.zh()).unwrap();
    }
    text += "\n| --- |";
    text += &" --- |".repeat(Role::ALL.len());
    text.push('\n');
    for (permission, reaches) in POLICY {
        write!(text, "| `{}`", permission.name()).unwrap();
        if let Permission::Act(action) = permission {
            write!(text, " {}", action.zh()).unwrap();
        }
        text += " |";
        for reach in reaches {
            if *reach == Reach::Never { text += " |" } else { write!(text, " {reach} |").unwrap() }
        }
        text.push('\n');
    }
    text += "\n## Reach 范围\n\n| reach | 中文 | English |\n| --- | --- | --- |\n";
    for reach in Reach::ALL {
        let code = if *reach == Reach::Never { "(empty)".to_owned() } else { format!("`{reach}`") };
        writeln!(text, "| {code} | {} | {} |", reach.zh(), reach.en()).unwrap();
    }
    text
}

#[test]
fn lifecycle_document() {
    hold("lifecycle.md", &lifecycle());
}

#[test]
fn permissions_document() {
    hold("permissions.md", &permissions());
}

/// The document says "nobody" for a step only if the service takes it, and the table has each step once.
#[test]
fn every_step_has_somebody_who_takes_it() {
    for action in Action::ALL {
        let rows = POLICY.iter().filter(|(permission, _)| *permission == Permission::Act(*action)).count();
        assert_eq!(rows, 1, "{action} has {rows} rows in POLICY");
        assert_eq!(LIFECYCLE.iter().filter(|step| step.action == *action).count(), 1, "{action} in LIFECYCLE");
        assert_ne!(who(*action), "nobody 无", "{action}");
    }
    for state in State::FINAL {
        for step in LIFECYCLE.iter().filter(|step| step.from.contains(state)) {
            assert_eq!(step.next, NextState::Unchanged, "{} leads out of {state}", step.action);
        }
    }
    for state in State::ALL {
        let reached =
            LIFECYCLE.iter().any(|step| step.next == NextState::To(*state) || step.next == NextState::Decided(*state));
        assert!(reached, "no step leads to {state}");
    }
}
