//! One unit or one point from a form, read by the same rules as a row of a sheet, so that neither accepts what the
//! other refuses. A change names the version that its author saw.

use super::read::{self, Known};
use super::sheet::{Found, Sheet};
use crate::app::change::{self, By, Change, Decision};
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::coordinates::ListCrs;
use crate::domain::digest::Digest;
use crate::domain::geo::Location;
use crate::domain::ids::{PointId, UnitId};
use crate::domain::import::{ImportKind, LineError};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::domain::reference::{Point, Unit, UnitKind};
use crate::domain::time::Timestamp;
use crate::store::{Conn, reference};

/// A unit as a form gives it.
#[derive(Debug, Clone)]
pub struct UnitForm {
    /// Short code; it stays.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// 6 to 12 digits.
    pub area_code: String,
    /// Whether it may be given issues.
    pub active: bool,
}

/// A point as a form gives it.
#[derive(Debug, Clone)]
pub struct PointForm {
    /// Code; it stays.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Code of its type.
    pub point_type: String,
    /// WGS-84; `None` while only the address is known.
    pub location: Option<Location>,
    /// Geofence in metres; the type's when `None`.
    pub radius_m: Option<i32>,
    /// Codes of the campaigns that inspect it.
    pub campaigns: Vec<String>,
    /// Demonstration point.
    pub is_demo: bool,
    /// Lead unit.
    pub lead_unit_id: UnitId,
    /// Territorial unit.
    pub territorial_unit_id: Option<UnitId>,
    /// 6 to 12 digits; from the code or the lead unit when `None`.
    pub area_code: Option<String>,
    /// Where it is, for people; needed where there is no position.
    pub address: String,
    /// Whether it is inspected.
    pub active: bool,
}

/// What an object is now, and whether it is new.
pub type Put<T> = (T, bool);

/// The version of a unit: a digest of all it says, so that a sheet that changes it makes another one. It is compared
/// and never read.
#[must_use]
pub fn unit_version(unit: &Unit) -> String {
    version(&format!("{unit:?}"))
}

/// The version of a point, in the same way.
#[must_use]
pub fn point_version(point: &Point) -> String {
    version(&format!("{point:?}"))
}

fn version(said: &str) -> String {
    let digest = Digest::of(said.as_bytes()).to_string();
    digest.get(..32).unwrap_or(&digest).to_owned()
}

/// One unit.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn unit(app: &App, caller: &Caller, id: UnitId) -> Result<Unit> {
    caller.require(Permission::ReadReference)?;
    app.store.read(move |conn| reference::find_unit(conn, id)?.ok_or(AppError::NotFound)).await
}

/// Stores a unit under its id: a new one, or in place of the version that the caller saw. The same again changes
/// nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every fault, [`AppError::VersionRequired`] when it is there and
/// no version was named, [`AppError::Stale`] when that is not the present one.
pub async fn put_unit(
    app: &App,
    caller: &Caller,
    id: UnitId,
    form: UnitForm,
    seen: Option<String>,
) -> Result<Put<Unit>> {
    app.check_room()?;
    let put = PutForm { by: By::from(caller), id, form, seen, now: app.now() };
    change::make(app, put).await
}

/// The same for a point.
///
/// # Errors
/// As [`put_unit`].
pub async fn put_point(
    app: &App,
    caller: &Caller,
    id: PointId,
    form: PointForm,
    seen: Option<String>,
) -> Result<Put<Point>> {
    app.check_room()?;
    let put = PutForm { by: By::from(caller), id, form, seen, now: app.now() };
    change::make(app, put).await
}

/// A form that gives one object of the reference data.
trait Form: Send + 'static {
    type Id: Copy + PartialEq + Send + 'static;
    type Object: Clone + PartialEq + Send + 'static;
    const KIND: ImportKind;

    fn locks() -> Vec<Lock>;
    fn uuid(id: Self::Id) -> uuid::Uuid;
    fn version(object: &Self::Object) -> String;
    /// The object of this id, taken out of what is known, so that the form says all of it.
    fn take(known: &mut Known, id: Self::Id) -> Option<Self::Object>;
    fn code_of(object: &Self::Object) -> &str;
    /// Whether another object has this code.
    fn is_taken(known: &Known, code: &str) -> bool;
    /// The cells of a row; what cannot be written as one is a fault.
    fn cells(&self, known: &Known, invalid: &mut Invalid) -> Vec<(&'static str, String)>;
    fn read(sheet: &Sheet, known: &Known, id: Self::Id, found: &mut Found) -> Option<Self::Object>;
    /// The field that a column stands for.
    fn field(column: &str) -> &str;
    fn insert(conn: &mut Conn, object: &Self::Object) -> Result<()>;
    fn update(conn: &mut Conn, object: &Self::Object) -> Result<()>;
}

/// An object is stored as a form gives it.
struct PutForm<F: Form> {
    by: By,
    id: F::Id,
    form: F,
    seen: Option<String>,
    now: Timestamp,
}

impl<F: Form> Change for PutForm<F> {
    type Before = Known;
    /// The object, and whether it is new.
    type Made = Put<F::Object>;
    type Answer = Put<F::Object>;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageReference)
    }

    fn locks(&self) -> Vec<Lock> {
        F::locks()
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Known> {
        Ok(Known::load(conn)?)
    }

    fn authorise(&self, _: &mut Conn, _: &Known) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, mut known: Known) -> Result<Decision<Self::Made, Self::Answer>> {
        let before = F::take(&mut known, self.id);
        let after = self.read(&known, before.as_ref())?;
        match &before {
            Some(before) if *before == after => return Ok(Decision::Unchanged((after, false))),
            Some(before) => match &self.seen {
                None => return Err(AppError::VersionRequired),
                Some(seen) if *seen != F::version(before) => return Err(AppError::Stale),
                Some(_) => {}
            },
            None if self.seen.is_some() => return Err(AppError::Stale),
            None => {}
        }
        let target = format!("{}:{}", F::KIND.as_str().trim_end_matches('s'), F::code_of(&after));
        let record: AuditEntry = self.by.done(self.now, AuditAction::ReferenceChanged, target);
        let record = record.ended(Outcome::Done, if before.is_none() { "new" } else { "changed" });
        let made = (after, before.is_none());
        Ok(Decision::Made { made, records: vec![record], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (object, is_new): &Self::Made) -> Result<()> {
        if *is_new { F::insert(conn, object) } else { F::update(conn, object) }
    }

    fn answer(&self, _: &mut Conn, made: Self::Made) -> Result<Self::Answer> {
        Ok(made)
    }
}

impl<F: Form> PutForm<F> {
    /// The object that the form gives, or every fault of it.
    fn read(&self, known: &Known, before: Option<&F::Object>) -> Result<F::Object> {
        let mut invalid = Invalid::default();
        if before.is_none() {
            invalid.random_id("/id", F::uuid(self.id));
        }
        let cells = self.form.cells(known, &mut invalid);
        let (sheet, faults) = Sheet::of_form(F::KIND, &cells);
        let mut found = Found { faults, ..Found::default() };
        let object = F::read(&sheet, known, self.id, &mut found);
        // A unit that is not there is named by its id, and said to be missing once.
        let is_told = |invalid: &Invalid, pointer: &str| invalid.0.iter().any(|fault| fault.pointer == pointer);
        for LineError { column, code, detail, .. } in found.faults {
            let pointer = format!("/{}", F::field(&column));
            if !is_told(&invalid, &pointer) {
                invalid.push(pointer, code, detail);
            }
        }
        if let Some(object) = &object {
            let code = F::code_of(object);
            if before.is_some_and(|before| F::code_of(before) != code) {
                invalid.push("/code", FieldCode::NotAllowed, "a code stays");
            } else if F::is_taken(known, code) {
                invalid.push("/code", FieldCode::Duplicate, "another one has this code");
            }
        }
        invalid.into_result()?;
        object.ok_or_else(|| AppError::Internal(format!("{} of a form: neither read nor refused", F::KIND)))
    }
}

fn yes(is: bool) -> String {
    if is { "1" } else { "0" }.to_owned()
}

impl Form for UnitForm {
    type Id = UnitId;
    type Object = Unit;
    const KIND: ImportKind = ImportKind::Units;

    fn locks() -> Vec<Lock> {
        vec![Lock::Importing]
    }

    fn uuid(id: UnitId) -> uuid::Uuid {
        id.0
    }

    fn version(object: &Unit) -> String {
        unit_version(object)
    }

    fn take(known: &mut Known, id: UnitId) -> Option<Unit> {
        let code = known.units.values().find(|unit| unit.id == id)?.code.clone();
        known.units.remove(&code)
    }

    fn code_of(object: &Unit) -> &str {
        &object.code
    }

    fn is_taken(known: &Known, code: &str) -> bool {
        known.units.contains_key(code)
    }

    fn cells(&self, _: &Known, _: &mut Invalid) -> Vec<(&'static str, String)> {
        let UnitForm { code, name, kind, area_code, active } = self;
        vec![
            ("code", code.clone()),
            ("name_zh", name.clone()),
            ("kind", kind.as_str().to_owned()),
            ("area_code", area_code.clone()),
            ("active", yes(*active)),
        ]
    }

    fn read(sheet: &Sheet, known: &Known, id: UnitId, found: &mut Found) -> Option<Unit> {
        read::units(sheet, known, found).pop().map(|unit| Unit { id, ..unit })
    }

    fn field(column: &str) -> &str {
        match column {
            "name_zh" => "name",
            other => other,
        }
    }

    fn insert(conn: &mut Conn, object: &Unit) -> Result<()> {
        Ok(reference::insert_unit(conn, object)?)
    }

    fn update(conn: &mut Conn, object: &Unit) -> Result<()> {
        Ok(reference::update_unit(conn, object)?)
    }
}

impl Form for PointForm {
    type Id = PointId;
    type Object = Point;
    const KIND: ImportKind = ImportKind::Points;

    fn locks() -> Vec<Lock> {
        // As for a sheet of points.
        vec![Lock::Importing, Lock::IssueIndex]
    }

    fn uuid(id: PointId) -> uuid::Uuid {
        id.0
    }

    fn version(object: &Point) -> String {
        point_version(object)
    }

    fn take(known: &mut Known, id: PointId) -> Option<Point> {
        let code = known.points.values().find(|point| point.id == id)?.code.clone();
        known.points.remove(&code)
    }

    fn code_of(object: &Point) -> &str {
        &object.code
    }

    fn is_taken(known: &Known, code: &str) -> bool {
        known.points.contains_key(code)
    }

    fn cells(&self, known: &Known, invalid: &mut Invalid) -> Vec<(&'static str, String)> {
        let PointForm {
            code,
            name,
            point_type,
            location,
            radius_m,
            campaigns,
            is_demo,
            lead_unit_id,
            territorial_unit_id,
            area_code,
            address,
            active,
        } = self;
        let mut unit = |id: UnitId, pointer: &str| {
            let found = known.units.values().find(|unit| unit.id == id).map(|unit| unit.code.clone());
            found.unwrap_or_else(|| {
                invalid.push(pointer, FieldCode::Unknown, "no such unit");
                String::new()
            })
        };
        let lead = unit(*lead_unit_id, "/lead_unit_id");
        let territorial = territorial_unit_id.map(|id| unit(id, "/territorial_unit_id"));
        // Degrees are written so that they are read as the same number.
        let degrees =
            |of: fn(&Location) -> f64| location.as_ref().map(of).map_or_else(String::new, |it| it.to_string());
        vec![
            ("code", code.clone()),
            ("name_zh", name.clone()),
            ("type", point_type.clone()),
            ("lat", degrees(|at| at.lat)),
            ("lon", degrees(|at| at.lon)),
            ("radius_m", radius_m.map_or_else(String::new, |radius| radius.to_string())),
            ("campaigns", campaigns.join(" ")),
            ("is_demo", yes(*is_demo)),
            ("lead_unit_code", lead),
            ("territorial_unit_code", territorial.unwrap_or_default()),
            ("area_code", area_code.clone().unwrap_or_default()),
            ("address_zh", address.clone()),
            ("active", yes(*active)),
        ]
    }

    fn read(sheet: &Sheet, known: &Known, id: PointId, found: &mut Found) -> Option<Point> {
        read::points(sheet, known, ListCrs::Wgs84, found).pop().map(|point| Point { id, ..point })
    }

    fn field(column: &str) -> &str {
        match column {
            "name_zh" => "name",
            "address_zh" => "address",
            "lat" => "location/lat",
            "lon" => "location/lon",
            "lead_unit_code" => "lead_unit_id",
            "territorial_unit_code" => "territorial_unit_id",
            other => other,
        }
    }

    fn insert(conn: &mut Conn, object: &Point) -> Result<()> {
        Ok(reference::insert_point(conn, object)?)
    }

    fn update(conn: &mut Conn, object: &Point) -> Result<()> {
        Ok(reference::update_point(conn, object)?)
    }
}
