//! `anfang import`: imports a CSV sheet.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::{Failure, StorageArgs, open, say};
use crate::app::{AppError, imports};
use crate::domain::coordinates::ListCrs;
use crate::domain::import::{ImportKind, SHEET_BYTES_MAX};

pub(super) fn kind(code: &str) -> Result<ImportKind, String> {
    ImportKind::parse(code).ok_or_else(|| {
        let kinds: Vec<&str> = ImportKind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("there are {}", kinds.join(", "))
    })
}

pub(super) fn crs(code: &str) -> Result<ListCrs, String> {
    ListCrs::parse(code).ok_or_else(|| format!("one of {}", ListCrs::CODES))
}

pub(super) fn run(
    storage: &StorageArgs,
    kind: ImportKind,
    file: &Path,
    crs: ListCrs,
    check: bool,
) -> Result<(), Failure> {
    let bytes = read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let app = open::app(storage)?;
    open::seed_starter(&app)?;
    let mut faults = Vec::new();
    let imported = open::block_on(async {
        match imports::run_by_operator(&app, kind, bytes, crs, check).await {
            Err(AppError::Invalid(invalid)) => {
                faults = invalid.0;
                Ok(None)
            }
            outcome => outcome.map(Some),
        }
    })?;
    let Some(imported) = imported else {
        for fault in &faults {
            let (line, column) = fault.pointer.trim_start_matches('/').split_once('/').unwrap_or_default();
            say(&format!("{}:{line}: {column}: {}", file.display(), fault.detail));
        }
        return Err(format!("{} fault(s); nothing was written 共{}处错误，未写入任何数据", faults.len(), faults.len()));
    };
    for emptied in &imported.emptied {
        say(&format!("{}:{}: {}: empties 清空 `{}`", file.display(), emptied.line, emptied.column, emptied.was));
    }
    if imported.emptied_count > imported.emptied.len() {
        say(&format!("{} values in all 共{}个值", imported.emptied_count, imported.emptied_count));
    }
    if let Some(doubt) = imported.doubt {
        say(&format!("warning 注意: {} {}; --crs wgs84|cgcs2000|gcj02|bd09", doubt.en(), doubt.zh()));
    }
    for (username, password) in &imported.passwords {
        say(&format!("{username},{password}"));
    }
    if imported.written {
        open::tell_database(storage)?;
    }
    let (created, changed, unchanged) = (imported.created, imported.changed, imported.unchanged);
    let outcome =
        if imported.written { "written 已写入" } else { "checked, nothing was written 仅校验，未写入" };
    say(&format!("{kind}: {created} new 新增, {changed} changed 更新, {unchanged} unchanged 未变; {outcome}"));
    Ok(())
}

/// Reads the file, but of one that is too large only as much as shows that.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(SHEET_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    File::open(file)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
