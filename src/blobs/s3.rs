//! The photo store in a bucket of an object store; any number of nodes may share it.
//!
//! ```text
//! <prefix>originals/<2 hex>/<64 hex>              sealed
//! <prefix>renditions/<variant>/<2 hex>/<64 hex>   derived
//! <prefix>store-id                                name of this photo store
//! <prefix>probe                                   written and read by the readiness check
//! ```
//! Calls come from blocking threads; the client is asynchronous and runs on two threads of its own. An upload is kept in
//! a file of this machine until it is complete and inspected. It counts as sealed once the store, asked again, answers
//! its length and, as ETag, the MD5 of what was sent (of its parts, for a multipart upload). If the ETag is something
//! else, as with encryption by a key service, the object is downloaded and hashed.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::Path as FilePath;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::multipart::MultipartStore as _;
use object_store::path::Path;
use object_store::{ClientOptions, ObjectMeta, ObjectStore as _, ObjectStoreExt as _, PutPayload, RetryConfig};
use sha2::{Digest as _, Sha256};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;

use super::error::BlobError;
use super::lease::{Leases, Sealed};
use super::listing::{self, Listed, Page};
use super::renditions::{self, Variant};
use super::s3_address::{S3Address, S3Secret};
use super::s3_pieces::{PART_BYTES, Pieces};
use super::scratch::{MultipartNote, Scratch};
use super::{Incoming, Original, Received};
use crate::domain::digest::Digest;
use crate::domain::time::Timestamp;

/// Parts in memory at once, over all uploads: 80 MiB. Source: our choice.
const PARTS_IN_FLIGHT: usize = 16;
/// Longest wait for a connection. Source: our choice.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest request while a transaction waits for it. Source: our choice.
const BRIEF_TIMEOUT: Duration = Duration::from_secs(5);

/// Photos in a bucket. Clones share it.
#[derive(Debug, Clone)]
pub struct S3Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    runtime: Background,
    bucket: AmazonS3,
    /// The same client with a short timeout, for requests inside a transaction.
    brief: AmazonS3,
    prefix: String,
    scratch: Scratch,
    leases: Arc<Leases>,
    parts: Semaphore,
}

/// A runtime that may be dropped anywhere, also in async code.
#[derive(Debug)]
struct Background(Option<Runtime>);

impl Background {
    fn block_on<T>(&self, work: impl Future<Output = Result<T, BlobError>>) -> Result<T, BlobError> {
        match &self.0 {
            Some(runtime) => runtime.block_on(work),
            None => Err(BlobError::Io(io::Error::other("the object store's client has stopped"))),
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn fault(error: object_store::Error) -> BlobError {
    BlobError::Io(io::Error::other(error))
}

/// A failure to find an object by its digest: only there a missing one means "not found".
fn opening(error: object_store::Error) -> BlobError {
    match error {
        object_store::Error::NotFound { .. } => BlobError::NotFound,
        other => fault(other),
    }
}

fn odd(what: impl Into<String>) -> BlobError {
    BlobError::Io(io::Error::other(what.into()))
}

fn found<T>(result: object_store::Result<T>) -> Result<Option<T>, BlobError> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(fault(error)),
    }
}

fn bucket(
    address: &S3Address,
    secret: &S3Secret,
    timeout: Duration,
    retries_max: usize,
) -> Result<AmazonS3, BlobError> {
    let endpoint = address.endpoint.as_deref();
    let options = ClientOptions::new()
        .with_timeout(timeout)
        .with_connect_timeout(timeout.min(CONNECT_TIMEOUT))
        .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")));
    let retry = RetryConfig { max_retries: retries_max, retry_timeout: timeout, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&address.bucket)
        .with_region(&address.region)
        .with_access_key_id(&secret.access_key_id)
        .with_secret_access_key(&secret.secret_access_key)
        .with_virtual_hosted_style_request(address.virtual_hosted)
        // Not every store supports it, and we only remove single objects.
        .with_disable_bulk_delete(true)
        .with_client_options(options)
        .with_retry(retry);
    if let Some(token) = &secret.session_token {
        builder = builder.with_token(token);
    }
    if let Some(endpoint) = endpoint {
        let hosted = endpoint.split_once("://").filter(|_| address.virtual_hosted);
        builder = builder.with_endpoint(match hosted {
            Some((scheme, host)) => format!("{scheme}://{}.{host}", address.bucket),
            None => endpoint.to_owned(),
        });
    }
    builder.build().map_err(fault)
}

impl S3Store {
    /// The bucket at `address`, with a folder of this machine for unfinished uploads. Does not contact the store yet:
    /// see [`Self::check_ready`].
    ///
    /// # Errors
    /// The client cannot be created.
    pub fn open(address: &S3Address, secret: &S3Secret, scratch: impl AsRef<FilePath>) -> Result<Self, BlobError> {
        // Fails when a default was installed before, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("anfang-s3").enable_all().build()?;
        std::fs::create_dir_all(&scratch)?;
        let inner = Inner {
            runtime: Background(Some(runtime)),
            bucket: bucket(address, secret, address.timeout, address.retries_max)?,
            brief: bucket(address, secret, address.timeout.min(BRIEF_TIMEOUT), 0)?,
            prefix: address.prefix.clone(),
            scratch: Scratch::open(std::path::absolute(scratch)?)?,
            leases: Arc::default(),
            parts: Semaphore::new(PARTS_IN_FLIGHT),
        };
        Ok(S3Store { inner: Arc::new(inner) })
    }

    /// The folder for unfinished files.
    pub(super) fn scratch(&self) -> &Scratch {
        &self.inner.scratch
    }

    /// Begins to receive an original of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// [`BlobError::Full`].
    pub fn begin(&self, bytes_max: u64) -> Result<Incoming, BlobError> {
        Incoming::begin(&self.inner.scratch, bytes_max)
    }

    /// Sends a complete original, and checks that the store has it. Bytes that are stored already are not sent. After
    /// an error they may or may not be stored, but never under a wrong name.
    pub fn seal(&self, mut received: Received) -> Result<Sealed, BlobError> {
        let inner = &*self.inner;
        let (digest, size_bytes) = (received.digest(), received.size_bytes());
        let sealed = Sealed::lease(Arc::clone(&inner.leases), digest, size_bytes)?;
        let key = inner.original(&digest);
        inner.runtime.block_on(async {
            if let Some(kept) = found(inner.bucket.head(&key).await)? {
                let expected = inner.etag_of(received.file(), &digest)?;
                if inner.is_sound(&kept, &digest, size_bytes, &expected).await? {
                    return Ok(());
                }
            }
            let expected = inner.send(received.file(), &key, &digest, size_bytes).await?;
            let kept = inner.bucket.head(&key).await.map_err(fault)?;
            if inner.is_sound(&kept, &digest, size_bytes, &expected).await? {
                Ok(())
            } else {
                Err(odd("the object store does not hold what it was sent"))
            }
        })?;
        Ok(sealed)
    }

    /// Checks that sealed bytes are still stored; for a transaction that waits.
    ///
    /// # Errors
    /// Also when they are gone.
    pub fn confirm(&self, sealed: &Sealed) -> Result<(), BlobError> {
        let inner = &*self.inner;
        let key = inner.original(&sealed.digest());
        inner.runtime.block_on(async {
            match found(inner.brief.head(&key).await)? {
                Some(kept) if kept.size == sealed.size_bytes() => Ok(()),
                _ => Err(odd("the same bytes were removed meanwhile")),
            }
        })
    }

    /// Downloads an original into an unnamed file; its bytes are not checked.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn open_original(&self, digest: &Digest) -> Result<Original, BlobError> {
        self.inner.fetch(digest).map(|(original, _)| original)
    }

    /// The same with its bytes checked; `None` when they do not match its digest.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn open_verified(&self, digest: &Digest) -> Result<Option<Original>, BlobError> {
        let (original, came) = self.inner.fetch(digest)?;
        Ok((came == *digest).then_some(original))
    }

    /// Downloads and hashes an original without keeping it.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn verify(&self, digest: &Digest) -> Result<bool, BlobError> {
        Ok(self.inner.runtime.block_on(self.inner.read(digest, |_| Ok(())))?.0 == *digest)
    }

    /// Every original, with its length in bytes; objects with a name of another form are left out.
    pub fn originals(&self) -> impl Iterator<Item = io::Result<(Digest, u64)>> + '_ {
        self.listed("originals")
    }

    /// The originals whose digest begins with this byte, with their lengths in bytes.
    pub fn originals_of(&self, first: u8) -> impl Iterator<Item = io::Result<(Digest, u64)>> + '_ {
        self.listed(&format!("originals/{first:02x}"))
    }

    /// A page of what is stored: see [`PhotoStore::page`](super::PhotoStore::page). One request for each page, unless
    /// `limit` is more than the store lists at once.
    pub fn page(&self, after: &str, limit: usize) -> Result<Page, BlobError> {
        let inner = &*self.inner;
        let mut page = Page::default();
        for (area, last) in listing::remaining(listing::areas(), after) {
            let folder = inner.key(&area);
            let listed = match last.as_str() {
                "" => inner.bucket.list(Some(&folder)),
                last => inner.bucket.list_with_offset(Some(&folder), &inner.key(&format!("{area}/{last}"))),
            };
            let left = limit.saturating_sub(page.found.len());
            let objects: Vec<ObjectMeta> =
                inner.runtime.block_on(async { listed.take(left).try_collect().await.map_err(fault) })?;
            let is_full = objects.len() >= left;
            for object in objects {
                let Some(key) = object.location.as_ref().strip_prefix(inner.prefix.as_str()) else { continue };
                page.next = Some(key.to_owned());
                if let Some(digest) = object.location.filename().and_then(Digest::parse_hex) {
                    let since = Timestamp::from_micros(object.last_modified.timestamp_micros());
                    page.found.push(Listed { key: key.to_owned(), digest, since });
                }
            }
            if is_full {
                return Ok(page);
            }
        }
        page.next = None;
        Ok(page)
    }

    /// Aborts multipart uploads that a dead process had begun, or that could not be aborted at the time.
    pub fn abort_abandoned(&self) -> Result<usize, BlobError> {
        let inner = &*self.inner;
        let (mut given_up, mut failed) = (0, None);
        for begun in inner.scratch.abandoned()? {
            // One that the store refuses to abort must not hold up the others.
            match inner.runtime.block_on(inner.abort(&begun.note)) {
                Ok(()) => {
                    begun.forget()?;
                    given_up += 1;
                }
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(given_up), Err)
    }

    /// Since when an original has been stored, by the clock of the store.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn kept_since(&self, digest: &Digest) -> Result<Timestamp, BlobError> {
        let inner = &*self.inner;
        let kept = inner.runtime.block_on(async { found(inner.bucket.head(&inner.original(digest)).await) })?;
        let kept = kept.ok_or(BlobError::NotFound)?;
        Ok(Timestamp::from_micros(kept.last_modified.timestamp_micros()))
    }

    fn listed(&self, folder: &str) -> impl Iterator<Item = io::Result<(Digest, u64)>> + use<'_> {
        let inner = &*self.inner;
        let mut listed = inner.bucket.list(Some(&inner.key(folder)));
        let mut failed = false;
        std::iter::from_fn(move || {
            while !failed {
                match inner.runtime.block_on(async { listed.next().await.transpose().map_err(fault) }) {
                    Ok(None) => return None,
                    Ok(Some(meta)) => {
                        let name = meta.location.filename().and_then(Digest::parse_hex);
                        if let Some(digest) = name {
                            return Some(Ok((digest, meta.size)));
                        }
                    }
                    Err(error) => {
                        failed = true;
                        return Some(Err(io::Error::other(error)));
                    }
                }
            }
            None
        })
    }

    /// Removes an original and its renditions; answers `false`, and removes nothing, while an upload of this process
    /// holds a lease on it. Other nodes are kept away by the caller's lock, and by [`Self::confirm`]. After an error
    /// the removal may still happen.
    pub fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        let inner = &*self.inner;
        let Some(_removal) = inner.leases.begin_removal(digest) else { return Ok(false) };
        inner.runtime.block_on(async {
            for variant in Variant::OF_ORIGINALS {
                found(inner.brief.delete(&inner.rendition(digest, variant)).await)?;
            }
            found(inner.brief.delete(&inner.original(digest)).await)
        })?;
        Ok(true)
    }

    /// Stores a rendition, replacing an earlier one.
    pub fn put_rendition(&self, digest: &Digest, variant: Variant, bytes: &[u8]) -> Result<(), BlobError> {
        let sent = [bytes, &renditions::trailer(bytes)].concat();
        self.inner.put(&self.inner.rendition(digest, variant), sent)
    }

    /// Reads a rendition.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] also for a damaged one.
    pub fn read_rendition(&self, digest: &Digest, variant: Variant) -> Result<Vec<u8>, BlobError> {
        let bytes = self.inner.get(&self.inner.rendition(digest, variant))?;
        renditions::whole(bytes.ok_or(BlobError::NotFound)?)
    }

    /// Writes and reads a small object and a small file, and asks for an object that does not exist.
    ///
    /// # Errors
    /// What an upload would get.
    pub fn check_ready(&self) -> Result<(), BlobError> {
        const PROBE: &[u8] = b"anfang";
        self.inner.scratch.check_ready()?;
        let (key, missing) = (self.inner.key("probe"), self.inner.key("never-there"));
        self.inner.put(&key, PROBE.to_vec())?;
        // A client without permission to list gets 403 for a missing object, and then no upload would succeed.
        self.inner.runtime.block_on(async { found(self.inner.bucket.head(&missing).await) })?;
        match self.inner.get(&key)? {
            Some(read) if read == PROBE => Ok(()),
            _ => Err(odd("the object store does not give back what was written")),
        }
    }

    /// The name of this store; `None` when it has none yet.
    pub fn identity(&self) -> Result<Option<String>, BlobError> {
        let bytes = self.inner.get(&self.inner.key("store-id"))?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()))
    }

    /// Sets the name of this store.
    pub fn set_identity(&self, name: &str) -> Result<(), BlobError> {
        self.inner.put(&self.inner.key("store-id"), format!("{name}\n").into_bytes())
    }
}

impl Inner {
    fn key(&self, name: &str) -> Path {
        Path::from(format!("{}{name}", self.prefix))
    }

    fn in_shard(&self, folder: &str, digest: &Digest) -> Path {
        let name = digest.to_string();
        self.key(&format!("{folder}/{}/{name}", name.get(..2).unwrap_or_default()))
    }

    fn original(&self, digest: &Digest) -> Path {
        self.in_shard("originals", digest)
    }

    fn rendition(&self, digest: &Digest, variant: Variant) -> Path {
        self.in_shard(&format!("renditions/{}", variant.as_str()), digest)
    }

    fn put(&self, key: &Path, bytes: Vec<u8>) -> Result<(), BlobError> {
        self.runtime.block_on(async {
            self.bucket.put(key, PutPayload::from(bytes)).await.map_err(fault)?;
            Ok(())
        })
    }

    fn get(&self, key: &Path) -> Result<Option<Vec<u8>>, BlobError> {
        self.runtime.block_on(async {
            let Some(answer) = found(self.bucket.get(key).await)? else { return Ok(None) };
            Ok(Some(answer.bytes().await.map_err(fault)?.to_vec()))
        })
    }

    /// Sends the file, in one request or as a multipart upload; answers the expected ETag.
    async fn send(&self, file: &mut File, key: &Path, digest: &Digest, size_bytes: u64) -> Result<String, BlobError> {
        let mut pieces = Pieces::of(file)?;
        if size_bytes <= PART_BYTES as u64 {
            let _permit = self.permit().await?;
            let piece = pieces.next()?.unwrap_or_default();
            let expected = pieces.end(digest)?;
            self.bucket.put(key, PutPayload::from(piece)).await.map_err(fault)?;
            return Ok(expected);
        }
        let upload = self.bucket.create_multipart(key).await.map_err(fault)?;
        let begun = MultipartNote { key: key.to_string(), upload };
        // Parts of an unfinished multipart upload cost money and are invisible: each upload is noted on disk until it
        // has ended.
        let noted = match self.scratch.note(&begun) {
            Ok(noted) => noted,
            Err(error) => {
                let _ = self.abort(&begun).await;
                return Err(error);
            }
        };
        let sent = self.send_parts(&mut pieces, key, &begun.upload, digest).await;
        let ended = match &sent {
            Ok(_) => Ok(()),
            Err(_) => self.abort(&begun).await,
        };
        match ended {
            Ok(()) => noted.forget()?,
            Err(error) => tracing::warn!(%error, "an upload in parts was not given up; it will be later"),
        }
        sent.and_then(|()| pieces.end(digest))
    }

    /// Sends all parts and completes the multipart upload.
    async fn send_parts(
        &self,
        pieces: &mut Pieces<'_>,
        key: &Path,
        upload: &String,
        digest: &Digest,
    ) -> Result<(), BlobError> {
        let mut parts = Vec::new();
        loop {
            let _permit = self.permit().await?;
            let Some(piece) = pieces.next()? else { break };
            let payload = PutPayload::from(piece);
            parts.push(self.bucket.put_part(key, upload, parts.len(), payload).await.map_err(fault)?);
        }
        pieces.check(digest)?;
        self.bucket.complete_multipart(key, upload, parts).await.map_err(fault)?;
        Ok(())
    }

    /// Aborts a multipart upload; one that the store does not know has ended.
    async fn abort(&self, begun: &MultipartNote) -> Result<(), BlobError> {
        let key = Path::from(begun.key.as_str());
        found(self.bucket.abort_multipart(&key, &begun.upload).await).map(|_| ())
    }

    async fn permit(&self) -> Result<tokio::sync::SemaphorePermit<'_>, BlobError> {
        self.parts.acquire().await.map_err(|error| BlobError::Io(io::Error::other(error)))
    }

    /// The ETag of the file's bytes, as if sent by [`Self::send`].
    fn etag_of(&self, file: &mut File, digest: &Digest) -> Result<String, BlobError> {
        let mut pieces = Pieces::of(file)?;
        while pieces.next()?.is_some() {}
        pieces.end(digest)
    }

    /// Whether the stored object is the original: by its length and ETag, or by downloading it.
    async fn is_sound(
        &self,
        kept: &ObjectMeta,
        digest: &Digest,
        size_bytes: u64,
        expected: &str,
    ) -> Result<bool, BlobError> {
        if kept.size != size_bytes {
            return Ok(false);
        }
        if kept.e_tag.as_deref().is_some_and(|etag| etag.trim_matches('"').eq_ignore_ascii_case(expected)) {
            return Ok(true);
        }
        match self.read(digest, |_| Ok(())).await {
            Ok((came, _)) => Ok(came == *digest),
            Err(BlobError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Downloads an original piece by piece; answers its digest and length.
    async fn read(
        &self,
        digest: &Digest,
        mut take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(Digest, u64), BlobError> {
        let answer = self.bucket.get(&self.original(digest)).await.map_err(opening)?;
        let announced = answer.meta.size;
        let (mut hasher, mut size_bytes) = (Sha256::new(), 0);
        let mut body = pin!(answer.into_stream());
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(fault)?;
            size_bytes += piece.len() as u64;
            hasher.update(&piece);
            take(&piece)?;
        }
        if size_bytes != announced {
            return Err(odd(format!("the object store sent {size_bytes} bytes of {announced}")));
        }
        Ok((Digest::from_bytes(hasher.finalize().into()), size_bytes))
    }

    fn fetch(&self, digest: &Digest) -> Result<(Original, Digest), BlobError> {
        let (part, mut file) = self.scratch.new_part()?;
        // Unlinked at once: whatever happens, nothing is left.
        drop(part);
        let (came, size_bytes) = self.runtime.block_on(self.read(digest, |piece| file.write_all(piece)))?;
        file.rewind()?;
        Ok((Original { file, size_bytes }, came))
    }
}
