//! A demo county, for trying the system and for measurements: places, people, and issues in every state.

mod batches;
mod canvas;
mod dice;
mod histories;
mod places;
mod props;
mod scenes;

use std::collections::{HashMap, HashSet};

use super::{SeedError, load_county, load_sheet, people_of};
use crate::admission::Who;
use crate::app::photos::{self as photo_use, Incoming};
use crate::app::{App, AppError, Caller, Result, blocking, upkeep};
use crate::domain::digest::Digest;
use crate::domain::evidence;
use crate::domain::ids::{PhotoId, SessionId, UserId};
use crate::domain::import::ImportKind;
use crate::domain::issue::Transition;
use crate::domain::photo::Photo;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::media::{self, MediaKind};
use crate::store::{Conn, bulk, duties, evidence as flags, issues, photos, reference, users};

use canvas::Canvas;
use dice::Dice;
use histories::{CountyData, History, People, PhotoSource};
use scenes::Scene;

use crate::app::ambient::Random;

const UNITS: &str = include_str!("../data/demo-units.csv");
const PEOPLE: &str = include_str!("../data/demo-people.csv");

/// Issues of the demo county by default. Source: our choice, a county's quarter.
pub const ISSUES_DEFAULT: usize = 500;
/// Most issues. Source: design §4, the lists are measured with as many.
pub const ISSUES_MAX: usize = 1_000_000;
/// Number of issues from which the county has batches of visits, too. Source: our choice; who asks for fewer wants a
/// county with next to nothing in it.
pub const BATCHES_FROM: usize = 100;
/// Issues with photos of their own; the others share pictures. Source: our choice, a second of work.
const OWN_PHOTOS: usize = 1_000;
/// Issues that are built and written in one batch. Source: our choice, a tenth of a second.
const BATCH: usize = 2_000;
/// Number of issues from which the indexes are built afterwards. Source: our choice, between the sizes that were
/// measured with and without (docs/BENCHMARKS.md).
const MANY: usize = 20_000;
/// Pictures of each kind. Source: our choice; enough that neighbours in a list differ.
const VARIANTS: usize = 2;
/// Pictures that are generated at once. Source: our choice, about 20 MB.
const DRAWN_AT_ONCE: usize = 8;

/// Loads the places and accounts of the demo county, unless there are units. Call it in one transaction.
///
/// # Errors
/// A [`SeedError`]; then nothing is loaded.
pub fn load_places(
    conn: &mut Conn,
    random: &dyn Random,
    now: Timestamp,
    password_hash: &str,
) -> std::result::Result<bool, SeedError> {
    if !load_county(conn, random, now, password_hash)? {
        return Ok(false);
    }
    load_sheet(conn, random, ImportKind::Units, UNITS, now)?;
    let (items, types) = (reference::items(conn)?, reference::point_types(conn)?);
    let sheet = places::sheet(&mut Dice::new(random), &items, &types);
    load_sheet(conn, random, ImportKind::Points, &sheet, now)?;
    people_of(conn, random, PEOPLE, now, password_hash)?;
    Ok(true)
}

/// Adds `count` issues, with pictures whose longer edge is `picture_px`; `progress` gets the number of issues so far.
/// After an error, what was added until then stays.
pub async fn fill(app: &App, count: usize, picture_px: u32, mut progress: impl FnMut(usize)) -> Result<()> {
    let mut builder = HistoryBuilder::new(app, picture_px).await?;
    let many = count >= MANY;
    if many {
        app.store.write(bulk::set_indexes_aside).await?;
    }
    let mut built = 0;
    let mut batch = builder.build(&mut built, count).await?;
    while !batch.0.is_empty() {
        let writing = write(app, batch);
        let building = builder.build(&mut built, count);
        // The next batch is built while this one is written.
        let (written, next) = tokio::join!(writing, building);
        progress(written?);
        batch = next?;
    }
    if many {
        app.store.write(bulk::put_indexes_back).await?;
    }
    upkeep::index_all_issues(app, 0, |_| {}).await
}

/// Adds batches of visits and who is in charge, unless there is a batch; pictures are as large as those of [`fill`].
///
/// # Errors
/// Those of the use cases; what was added until then stays.
pub async fn fill_batches(app: &App, picture_px: u32) -> Result<()> {
    batches::fill(app, picture_px).await
}

/// Histories, their own uploads, shared uploads that they use, and the number of issues so far.
type Batch = (Vec<History>, Vec<Photo>, Vec<PhotoId>, usize);

/// Writes a batch, and answers the number of issues so far.
async fn write(app: &App, (histories, own, shared, until): Batch) -> Result<usize> {
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .write(move |conn| -> Result<()> {
            for photo in &own {
                photos::insert(conn, photo, true)?;
            }
            photos::claim(conn, &shared, now)?;
            let doubts: Vec<_> = histories.iter().filter_map(|history| history.reported_far_off.clone()).collect();
            let steps: Vec<Vec<Transition>> = histories.into_iter().flat_map(|history| history.steps).collect();
            issues::record(conn, &steps)?;
            let county = county.load(conn)?;
            for (id, flag, captured, received) in doubts {
                let same_day = county.calendar.civil_date(captured) == county.calendar.civil_date(received);
                let ahead_max = county.settings.capture_ahead_max();
                let mut doubts = evidence::timing(captured, received, same_day, ahead_max);
                doubts.push(flag);
                flags::raise(conn, id, &doubts, now)?;
            }
            Ok(())
        })
        .await?;
    Ok(until)
}

struct HistoryBuilder {
    inner: Option<(CountyData, Dice, Pool)>,
}

impl HistoryBuilder {
    async fn new(app: &App, picture_px: u32) -> Result<Self> {
        let (county, now) = (app.county.clone(), app.now());
        let county_data = app
            .store
            .read(move |conn| -> Result<CountyData> {
                let mut points = reference::points(conn)?;
                points.retain(|point| point.active);
                let items = reference::items(conn)?;
                Ok(CountyData {
                    county: county.load(conn)?,
                    items_of: CountyData::items_of(&points, &items),
                    points,
                    items,
                    duties: duties::list(conn)?,
                    units: reference::units(conn)?.into_iter().map(|unit| unit.id).collect(),
                    people: People::new(&users::list(conn, None)?),
                    numbers: issues::numbers(conn)?.into_iter().collect::<HashSet<_>>(),
                    now,
                })
            })
            .await?;
        let mut dice = Dice::new(&*app.random);
        let pool = Pool::draw(app, &mut dice, picture_px).await?;
        Ok(HistoryBuilder { inner: Some((county_data, dice, pool)) })
    }

    /// The next batch, empty when all are built.
    async fn build(&mut self, built: &mut usize, count: usize) -> Result<Batch> {
        let lost = || AppError::Internal("the builder panicked".into());
        let (mut county_data, mut dice, mut pool) = self.inner.take().ok_or_else(lost)?;
        let (from, until) = (*built, count.min(*built + BATCH));
        *built = until;
        let (inner, histories, own, shared) = blocking(move || {
            let mut histories = Vec::with_capacity(until - from);
            for index in from..until {
                pool.own = index < OWN_PHOTOS;
                pool.used.clear();
                histories.extend(histories::build(&mut county_data, &mut dice, &mut pool, index, count));
            }
            let own = std::mem::take(&mut pool.made);
            let shared = pool.shared.drain().collect();
            Ok(((county_data, dice, pool), histories, own, shared))
        })
        .await?;
        self.inner = Some(inner);
        Ok((histories, own, shared, until))
    }
}

/// The generated pictures.
struct Pool {
    pictures: HashMap<(Scene, bool, bool), Vec<Photo>>,
    /// Whether each use is an upload of its own.
    own: bool,
    /// Shared pictures that the present issue uses.
    used: Vec<PhotoId>,
    /// Shared pictures that issues of the present batch use.
    shared: HashSet<PhotoId>,
    made: Vec<Photo>,
}

impl Pool {
    async fn draw(app: &App, dice: &mut Dice, picture_px: u32) -> Result<Self> {
        let users = app.store.read(|conn| users::list(conn, Some(Role::Inspector))).await?;
        let uploader = users.first().ok_or_else(|| AppError::Internal("no inspector".into()))?;
        let caller = Caller {
            actor: uploader.actor(),
            session_id: SessionId(dice.uuid()),
            must_change_password: false,
            request_id: "demo".to_owned(),
            handed_in: None,
        };
        let mut wanted = Vec::new();
        for scene in Scene::ALL {
            for (fixed, far) in [(false, false), (false, true), (true, false), (true, true)] {
                for _ in 0..VARIANTS {
                    let (shift, grain) = (dice.between(-0.05, 0.05), dice.below(1 << 30));
                    let light = dice.between(0.88, 1.06);
                    wanted.push(Picture { scene, fixed, far, shift, grain, light, picture_px });
                }
            }
        }
        let mut pictures: HashMap<_, Vec<Photo>> = HashMap::new();
        for wanted in wanted.chunks(DRAWN_AT_ONCE) {
            let drawn = wanted.iter().map(|picture| {
                let picture = *picture;
                blocking(move || picture.draw())
            });
            for (picture, bytes) in wanted.iter().zip(futures_util::future::join_all(drawn).await) {
                let photo = keep(app, &caller, PhotoId(dice.uuid()), bytes?).await?;
                pictures.entry((picture.scene, picture.fixed, picture.far)).or_default().push(photo);
            }
        }
        Ok(Pool { pictures, own: true, used: Vec::new(), shared: HashSet::new(), made: Vec::new() })
    }
}

/// Stores a picture as an upload, and makes its renditions.
async fn keep(app: &App, caller: &Caller, id: PhotoId, bytes: Vec<u8>) -> Result<Photo> {
    let expected = Digest::of(&bytes);
    let incoming = Incoming { id, declared: MediaKind::Jpeg, expected: Some(expected) };
    let body = futures_util::stream::iter([Ok(bytes)]);
    let (photo, _) = photo_use::receive(app, caller, incoming, body).await?;
    photo_use::render(app, Who::Service, expected).await?;
    Ok(photo)
}

impl PhotoSource for Pool {
    fn photo(&mut self, dice: &mut Dice, scene: Scene, fixed: bool, far: bool, by: UserId, at: Timestamp) -> PhotoId {
        let pictures = self.pictures.get(&(scene, fixed, far)).map_or(&[][..], Vec::as_slice);
        let Some(photo) = dice.one(pictures) else { return PhotoId(dice.uuid()) };
        // An issue names no photo twice.
        let unused = pictures.iter().find(|photo| !self.own && !self.used.contains(&photo.id));
        if let Some(shared) = unused {
            self.used.push(shared.id);
            self.shared.insert(shared.id);
            return shared.id;
        }
        let id = PhotoId(dice.uuid());
        self.made.push(Photo { id, blob: photo.blob.clone(), uploader_id: by, received_at: at });
        id
    }
}

/// A picture to be generated.
#[derive(Clone, Copy)]
struct Picture {
    scene: Scene,
    fixed: bool,
    far: bool,
    shift: f64,
    grain: usize,
    light: f64,
    picture_px: u32,
}

impl Picture {
    #[allow(clippy::cast_possible_truncation, reason = "small numbers")]
    fn draw(self) -> Result<Vec<u8>> {
        let zoom = if self.far { 1.0 } else { 1.5 };
        let (width, height) = (self.picture_px, self.picture_px * 3 / 4);
        let focus = (0.5, if self.far { 0.5 } else { 0.62 });
        let mut canvas = Canvas::new((width, height), zoom, focus)
            .ok_or_else(|| AppError::Internal(format!("no picture of {width} × {height} pixels")))?;
        self.scene.draw(&mut canvas, self.fixed, self.shift as f32);
        let light = self.light as f32;
        canvas.grain(u32::try_from(self.grain).unwrap_or(1), 7.0, [light, light, light * 0.98]);
        let drawn = media::draw(width, height, canvas.into_rgb());
        drawn.map_err(|error| AppError::Internal(error.to_string()))
    }
}
