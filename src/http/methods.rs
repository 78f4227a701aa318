//! The methods of each path, read from the OpenAPI document that the routes generate. So a wrong method can be
//! distinguished from an unknown path, and `HEAD` is answered wherever `GET` is.

use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::schema::{KnownFormat, Schema, SchemaFormat};
use utoipa::openapi::{OpenApi, RefOr};

use crate::domain::ids;

/// A part of a path between two slashes.
#[derive(Debug, Clone)]
enum Segment {
    /// Exactly this text.
    Word(String),
    /// Any UUID.
    Uuid,
    /// Any of these.
    OneOf(Vec<String>),
    /// Anything.
    Any,
}

impl Segment {
    fn fits(&self, asked: &str) -> bool {
        match self {
            Segment::Word(word) => word == asked,
            Segment::Uuid => ids::read(asked).is_some(),
            Segment::OneOf(words) => words.iter().any(|word| word == asked),
            Segment::Any => !asked.is_empty(),
        }
    }
}

/// A documented path.
#[derive(Debug, Clone)]
struct Template {
    segments: Vec<Segment>,
    methods: Vec<&'static str>,
}

/// The methods of every documented path.
#[derive(Debug, Clone)]
pub(super) struct Methods(Vec<Template>);

impl Methods {
    /// The methods of a document.
    pub(super) fn of(document: &OpenApi) -> Self {
        let mut templates: Vec<Template> = document
            .paths
            .paths
            .iter()
            .map(|(path, item)| Template {
                segments: path.split('/').map(|segment| parse(segment, item, document)).collect(),
                methods: operations(item).into_iter().map(|(name, _)| name).collect(),
            })
            .collect();
        // `/issues/counts` is not an id: literal segments are matched before parameters.
        templates.sort_by_key(|template| {
            template.segments.iter().filter(|segment| !matches!(segment, Segment::Word(_))).count()
        });
        Methods(templates)
    }

    /// The methods that `path` has by its own route, sorted; none when there is no such path.
    pub(super) fn at(&self, path: &str) -> &[&'static str] {
        let asked: Vec<&str> = path.split('/').collect();
        let fits = |template: &&Template| {
            template.segments.len() == asked.len()
                && template.segments.iter().zip(&asked).all(|(segment, asked)| segment.fits(asked))
        };
        self.0.iter().find(fits).map_or(&[], |template| template.methods.as_slice())
    }

    /// The same for `Allow`: with `HEAD` wherever there is a `GET`.
    pub(super) fn allow(&self, path: &str) -> String {
        let mut methods = self.at(path).to_vec();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.sort_unstable();
        methods.dedup();
        methods.join(", ")
    }
}

fn operations(item: &PathItem) -> Vec<(&'static str, &Operation)> {
    let all = [
        ("DELETE", &item.delete),
        ("GET", &item.get),
        ("HEAD", &item.head),
        ("OPTIONS", &item.options),
        ("PATCH", &item.patch),
        ("POST", &item.post),
        ("PUT", &item.put),
    ];
    all.into_iter().filter_map(|(name, operation)| Some((name, operation.as_ref()?))).collect()
}

/// What a segment of a documented path matches, by the type of its parameter.
fn parse(segment: &str, item: &PathItem, document: &OpenApi) -> Segment {
    let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return Segment::Word(segment.to_owned());
    };
    let named = operations(item)
        .into_iter()
        .filter_map(|(_, operation)| operation.parameters.as_deref())
        .flatten()
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        })
        .find(|parameter| parameter.name == name && matches!(parameter.parameter_in, ParameterIn::Path));
    let schema = named.and_then(|parameter| parameter.schema.as_ref());
    match schema.and_then(|schema| resolve(schema, document)) {
        Some(Schema::Object(object)) if object.format == Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)) => {
            Segment::Uuid
        }
        Some(Schema::Object(object)) => match &object.enum_values {
            Some(words) => Segment::OneOf(words.iter().filter_map(|word| Some(word.as_str()?.to_owned())).collect()),
            None => Segment::Any,
        },
        _ => Segment::Any,
    }
}

fn resolve<'a>(schema: &'a RefOr<Schema>, document: &'a OpenApi) -> Option<&'a Schema> {
    match schema {
        RefOr::T(schema) => Some(schema),
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next()?;
            match document.components.as_ref()?.schemas.get(name)? {
                RefOr::T(schema) => Some(schema),
                RefOr::Ref(_) => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_takes_the_methods_of_the_route_that_spells_it_out() {
        let methods = Methods::of(&crate::http::document());
        let id = "6f1c2f0a-3f0e-4a0b-9a55-0d6f3a1f6b2e";
        for (path, allow) in [
            ("/api/v1/issues", "GET, HEAD, POST"),
            ("/api/v1/issues/counts", "GET, HEAD"),
            (&*format!("/api/v1/issues/{id}"), "GET, HEAD, PUT"),
            ("/api/v1/issues/another", ""),
            ("/api/v1/complaints/own", "GET, HEAD"),
            ("/api/v1/sessions/current", "DELETE"),
            (&*format!("/api/v1/photos/{id}/view"), "GET, HEAD"),
            (&*format!("/api/v1/photos/{id}/another"), ""),
            (&*format!("/api/v1/uploads/{id}"), "DELETE, HEAD, PATCH"),
            (&*format!("/api/v1/issues/{id}/actions/approve"), "POST"),
            (&*format!("/api/v1/issues/{id}/actions/another"), ""),
            ("/api/v1/issues/", ""),
            ("/", ""),
        ] {
            assert_eq!(methods.allow(path), allow, "{path}");
        }
    }
}
