//! The address of a bucket, as an operator types it.

use std::fmt;
use std::time::Duration;

use reqwest::Url;

/// Longest request, from connecting to its last byte. Source: our choice; 40 MiB at 1.4 MB a second.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Retries of a failed request that may be repeated. Source: our choice; the phone retries too.
const RETRIES_MAX: usize = 2;
/// Region for stores other than Amazon's, when none is named.
const REGION: &str = "us-east-1";

/// `s3://bucket/prefix?endpoint=…&region=…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Address {
    /// The bucket; it must exist.
    pub bucket: String,
    /// Prefix of all keys: empty, or ending in a slash.
    pub prefix: String,
    /// Address of the store; Amazon's when absent.
    pub endpoint: Option<String>,
    /// The region that requests are signed for.
    pub region: String,
    /// Whether the bucket is a part of the host name.
    pub virtual_hosted: bool,
    /// Longest request.
    pub timeout: Duration,
    /// Retries of a failed request.
    pub retries_max: usize,
}

/// The credentials that sign requests. Never printed.
#[derive(Clone)]
pub struct S3Secret {
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: String,
    /// `AWS_SESSION_TOKEN`, for temporary credentials.
    pub session_token: Option<String>,
}

impl fmt::Debug for S3Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("S3Secret")
    }
}

impl S3Address {
    /// Parses an address.
    ///
    /// # Errors
    /// A sentence saying what is wrong with it. Nothing that may be secret is repeated.
    pub fn parse(address: &str) -> Result<Self, String> {
        const FORM: &str = "the photo address must be s3://BUCKET/PREFIX?endpoint=URL&region=NAME";
        let url = Url::parse(address).map_err(|_| FORM.to_owned())?;
        if url.scheme() != "s3" || url.port().is_some() || url.fragment().is_some() {
            return Err(FORM.into());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("keys do not belong in the photo address: set AWS_ACCESS_KEY_ID and \
                        AWS_SECRET_ACCESS_KEY"
                .into());
        }
        let bucket = url.host_str().unwrap_or_default().to_owned();
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
        if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(fits) {
            return Err("a bucket is named by 3 to 63 of a-z, 0-9, '.' and '-'".into());
        }
        let prefix = url.path().trim_matches('/');
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let part_fits = |part: &str| !part.is_empty() && !matches!(part, "." | "..") && part.bytes().all(fits);
        if !prefix.is_empty() && !prefix.split('/').all(part_fits) {
            return Err("the prefix of the photo address may have a-z, A-Z, 0-9, '.', '_', '-' and '/'".into());
        }
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        let (mut endpoint, mut region, mut virtual_hosted, mut timeout) = (None, None, None, None);
        for (name, value) in url.query_pairs() {
            let again = match &*name {
                "endpoint" => endpoint.replace(endpoint_of(&value)?).is_some(),
                "region" => region.replace(region_of(&value)?).is_some(),
                "virtual-hosted" => virtual_hosted.replace(truth_of(&value)?).is_some(),
                "timeout" => timeout.replace(timeout_of(&value)?).is_some(),
                // An unknown parameter may be a secret: it is not repeated.
                _ => return Err("the photo address takes endpoint, region, virtual-hosted and timeout only".into()),
            };
            if again {
                return Err(format!("{name} stands twice in the photo address"));
            }
        }
        if endpoint.is_none() && region.is_none() {
            return Err("the photo address needs an endpoint, or Amazon's region".into());
        }
        Ok(S3Address {
            bucket,
            prefix,
            endpoint,
            region: region.unwrap_or_else(|| REGION.to_owned()),
            virtual_hosted: virtual_hosted.unwrap_or(false),
            timeout: timeout.unwrap_or(TIMEOUT),
            retries_max: RETRIES_MAX,
        })
    }
}

impl fmt::Display for S3Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}/{}", self.bucket, self.prefix)
    }
}

fn endpoint_of(value: &str) -> Result<String, String> {
    let wrong = || "the endpoint of the photo address must be http://HOST:PORT or https://HOST".to_owned();
    let url = Url::parse(value).map_err(|_| wrong())?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !matches!(url.scheme(), "http" | "https") || !plain || url.fragment().is_some() {
        return Err(wrong());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn region_of(value: &str) -> Result<String, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if value.is_empty() || !value.bytes().all(fits) {
        return Err("the region of the photo address must be a name".into());
    }
    Ok(value.to_owned())
}

fn truth_of(value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| "virtual-hosted in the photo address must be true or false".into())
}

fn timeout_of(value: &str) -> Result<Duration, String> {
    let seconds = value.parse().ok().filter(|seconds| (1..=300).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| "timeout in the photo address must be 1 to 300 seconds".into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_the_bucket_is() {
        let address = S3Address::parse("s3://photos/county/one/?endpoint=http://127.0.0.1:9000&region=cn-1").unwrap();
        assert_eq!((&*address.bucket, &*address.prefix, &*address.region), ("photos", "county/one/", "cn-1"));
        assert_eq!(address.endpoint.as_deref(), Some("http://127.0.0.1:9000"));
        assert_eq!((address.virtual_hosted, address.timeout), (false, TIMEOUT));
        assert_eq!(address.to_string(), "s3://photos/county/one/");
        let address = S3Address::parse("s3://photos?region=eu-1&virtual-hosted=true&timeout=7").unwrap();
        assert_eq!((&*address.prefix, address.endpoint), ("", None));
        assert_eq!((address.virtual_hosted, address.timeout), (true, Duration::from_secs(7)));
    }

    #[test]
    fn what_is_not_understood_is_refused_and_not_repeated() {
        for (address, why) in [
            ("s3://photos/x", "endpoint, or Amazon's region"),
            ("s3:photos", "3 to 63"),
            ("s3://UPPER?region=x", "3 to 63"),
            ("s3://ab?region=x", "3 to 63"),
            ("s3://photos:90?region=x", "must be s3://"),
            ("s3://photos?region=x#there", "must be s3://"),
            ("s3://photos/a%20b?region=x", "the prefix"),
            ("s3://photos/a//b?region=x", "the prefix"),
            ("s3://key:hunter2@photos?region=x", "AWS_ACCESS_KEY_ID"),
            ("s3://photos?region=x&secret=hunter2", "takes endpoint, region"),
            ("s3://photos?region=x&region=y", "stands twice"),
            ("s3://photos?region=", "must be a name"),
            ("s3://photos?endpoint=127.0.0.1:9000", "the endpoint"),
            ("s3://photos?endpoint=http://key:hunter2@host", "the endpoint"),
            ("s3://photos?endpoint=ftp://host", "the endpoint"),
            ("s3://photos?region=x&virtual-hosted=yes", "true or false"),
            ("s3://photos?region=x&timeout=0", "1 to 300"),
        ] {
            let refused = S3Address::parse(address).unwrap_err();
            assert!(refused.contains(why) && !refused.contains("hunter2"), "{address}: {refused}");
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        let secret = S3Secret {
            access_key_id: "hunter1".into(),
            secret_access_key: "hunter2".into(),
            session_token: Some("hunter3".into()),
        };
        assert!(!format!("{secret:?}").contains("hunter"));
    }
}
