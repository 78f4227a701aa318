//! Asking for everything that somebody can reach.

use std::collections::{BTreeMap, BTreeSet};

use anfang::domain::import::ImportKind;
use uuid::Uuid;

use super::service::{Answer, Client};
use super::transcript::{document, listed, next_page, of_months};

/// How far a crawl goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Far {
    /// Everything that the document offers to read, with the given ids; also packed.
    Given,
    /// The same, and on to every id and every link that an answer names.
    On,
}

/// Where a crawl goes on from, besides what the document offers.
const PAGES: [&str; 3] = ["/", "/docs/", "/healthz"];

/// Asks for everything that the OpenAPI document offers to read, with every one of `ids` where it takes one. Answers the
/// statuses that each route gave.
pub fn crawl(
    client: &Client<'_>,
    ids: &[Uuid],
    far: Far,
    mut look: impl FnMut(&str, &Answer),
) -> BTreeMap<String, BTreeSet<u16>> {
    let mut statuses: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    let (mut known, mut asked) = (BTreeSet::from_iter(ids.iter().copied()), BTreeSet::new());
    let mut open: Vec<(String, String)> = places(client, ids, true);
    if far == Far::On {
        open.extend(PAGES.map(|page| ("page".to_owned(), page.to_owned())));
    }
    while !open.is_empty() {
        let (mut named, mut links) = (BTreeSet::new(), BTreeSet::new());
        while let Some((template, path)) = open.pop() {
            if !asked.insert(path.clone()) {
                continue;
            }
            // A doubled slash: a path of the server, not of the API.
            let answer = client.send("GET", &format!("/{path}"), &[], None);
            statuses.entry(template.clone()).or_default().insert(answer.status);
            look(&path, &answer);
            if answer.status == 200 && far == Far::Given {
                look(&path, &client.send("GET", &format!("/{path}"), &[("accept-encoding", "gzip")], None));
            }
            if let Some(cursor) = answer.json["next_cursor"].as_str() {
                open.push((template, next_page(&path, cursor)));
            }
            if far == Far::On && answer.status < 400 {
                told(&answer, &mut named, &mut links);
            }
        }
        named.retain(|id| known.insert(*id));
        let new: Vec<Uuid> = named.into_iter().collect();
        open.extend(if new.is_empty() { Vec::new() } else { places(client, &new, false) });
        open.extend(links.into_iter().map(|link| ("link".to_owned(), link)));
    }
    statuses
}

/// The paths of the document that can be read, each with its template: those that take one of `ids`, and the others if
/// this is the first time.
fn places(client: &Client<'_>, ids: &[Uuid], is_first: bool) -> Vec<(String, String)> {
    let mut places = Vec::new();
    for (template, operations) in document()["paths"].as_object().unwrap() {
        if !operations["get"].is_object() {
            continue;
        }
        let takes_id = template.contains("{id}") || template.contains("{unit_id}");
        if !takes_id && !is_first {
            continue;
        }
        let mut paths: Vec<String> = if template.contains("{id}") {
            ids.iter().map(|id| template.replace("{id}", &id.to_string())).collect()
        } else if takes_id {
            of_months(template, ids.iter().copied())
        } else {
            of_months(template, ids.iter().copied()).into_iter().chain(listed(client.service, template)).collect()
        };
        if template.contains("{variant}") {
            let variants = ["thumb", "view", "original"];
            paths = paths.iter().flat_map(|path| variants.map(|variant| path.replace("{variant}", variant))).collect();
        }
        if template.contains("{kind}") {
            paths = ImportKind::ALL.iter().map(|kind| template.replace("{kind}", kind.as_str())).collect();
        }
        assert!(paths.iter().all(|path| !path.contains('{')), "{template} takes what the crawl does not know");
        places.extend(paths.into_iter().map(|path| (template.clone(), path)));
    }
    places
}

/// The ids and the links within the service that an answer names.
fn told(answer: &Answer, ids: &mut BTreeSet<Uuid>, links: &mut BTreeSet<String>) {
    let is_text = ["json", "html", "csv", "text"].iter().any(|kind| answer.header("content-type").contains(kind));
    if !is_text {
        return;
    }
    let of_link = |letter: char| letter.is_ascii_alphanumeric() || "/-_.~%?=&".contains(letter);
    let text = String::from_utf8_lossy(&answer.bytes);
    for word in text.split(['"', '\'', ' ', ',', '(', ')', '\n']) {
        ids.extend(word.parse::<Uuid>().ok());
        let path = word.strip_prefix('.').filter(|rest| rest.starts_with('/')).unwrap_or(word);
        if path.starts_with('/') && !path.starts_with("//") && path.chars().all(of_link) {
            links.insert(path.to_owned());
        }
    }
}
