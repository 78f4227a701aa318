//! `anfang user`: accounts, for the operator of the machine.

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{Failure, StorageArgs, open, say};
use crate::app::AppError;
use crate::app::users::{self, NewUser};
use crate::domain::campaign::CampaignCode;
use crate::domain::role::Role;
use crate::store::{reference, users as users_store};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Creates an account and prints its first password.
    Add {
        /// Login name.
        username: String,
        /// What it may do at all.
        #[arg(long, value_parser = role())]
        role: Role,
        /// Display name; the login name when absent.
        #[arg(long)]
        display_name: Option<String>,
        /// Code of the unit, for role `unit`.
        #[arg(long)]
        unit: Option<String>,
        /// Code of the campaign, for role `task_force`.
        #[arg(long, value_parser = campaign)]
        campaign: Option<CampaignCode>,
        /// Is the vice head of that unit, who confirms severe fixes and returns severe issues.
        #[arg(long, requires = "unit")]
        vice_head: bool,
        /// First password; generated when absent.
        #[arg(long, env = "ANFANG_PASSWORD", hide_env_values = true)]
        password: Option<String>,
    },
    /// Generates a new password and prints it.
    Passwd {
        /// Name of the account.
        username: String,
    },
    /// Disables an account and ends its sessions.
    Disable {
        /// Name of the account.
        username: String,
    },
}

/// Takes the code of a role; the help and a refusal list them all.
fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str()))
        .try_map(|code| Role::parse(&code).ok_or("no such role"))
}

fn campaign(code: &str) -> Result<CampaignCode, &'static str> {
    CampaignCode::parse(code).ok_or("no code of a campaign")
}

pub(super) fn run(storage: &StorageArgs, command: UserCommand) -> Result<(), Failure> {
    let app = open::app(storage)?;
    match command {
        UserCommand::Add { username, role, display_name, unit, campaign, vice_head, password } => {
            let unit_id = match unit {
                None => None,
                Some(code) => {
                    let units = open::read(&app, reference::units)?;
                    let found = units.into_iter().find(|unit| unit.code == code).map(|unit| unit.id);
                    Some(found.ok_or_else(|| format!("no unit {code}"))?)
                }
            };
            // Campaigns come with the starter data, which a new folder does not have yet: the first account made here
            // says that the county is set up from the command line.
            if campaign.is_some() || !open::read(&app, users_store::is_any)? {
                open::seed_starter(&app)?;
            }
            let display_name = display_name.unwrap_or_else(|| username.clone());
            let new = NewUser { username, display_name, role, unit_id, campaign, vice_head, password };
            let (user, drawn) = open::block_on(users::create_by_operator(&app, new))?;
            open::tell_database(storage)?;
            say(&format!("{} {}", user.username, user.role));
            if let Some(password) = drawn {
                say(&format!("password: {password}"));
            }
        }
        UserCommand::Passwd { username } => {
            let password = with_account(&username, users::reset_password_by_operator(&app, &username))?;
            open::tell_database(storage)?;
            say(&format!("password: {password}"));
        }
        UserCommand::Disable { username } => {
            with_account(&username, users::disable_by_operator(&app, &username))?;
            open::tell_database(storage)?;
            say(&format!("{username} disabled"));
        }
    }
    Ok(())
}

/// Runs a use case on an account that may not exist.
fn with_account<T>(username: &str, work: impl Future<Output = Result<T, AppError>>) -> Result<T, Failure> {
    let found = open::block_on(async {
        match work.await {
            Err(AppError::NotFound) => Ok(None),
            other => other.map(Some),
        }
    })?;
    found.ok_or_else(|| format!("no account {username}"))
}
