//! A real S3 server on a loopback port, and a proxy to it that can inject faults.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use anfang::blobs::{PhotoStore, S3Address, S3Secret, S3Store};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tempfile::TempDir;
use tokio::sync::oneshot;

pub const BUCKET: &str = "photos";
pub const KEY_ID: &str = "test-key";
pub const SECRET: &str = "test-secret-2718281828";

/// The server, with an empty bucket; removed when dropped.
pub struct S3 {
    root: TempDir,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl S3 {
    pub fn start() -> Self {
        let root = tempfile::Builder::new().prefix("anfang-s3-").tempdir().unwrap();
        std::fs::create_dir(root.path().join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, mut stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                loop {
                    tokio::select! {
                        accepted = listener.accept() => {
                            let (socket, _) = accepted.unwrap();
                            let service = service.clone();
                            tokio::spawn(async move {
                                let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
                            });
                        }
                        _ = &mut stopped => break,
                    }
                }
            });
            runtime.shutdown_background();
        });
        S3 { root, address, stop: Some(stop), thread: Some(thread) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server's folder, for other threads to inspect.
    pub fn handle(&self) -> BucketFolder {
        BucketFolder(self.root.path().to_owned())
    }

    pub fn objects(&self, prefix: &str) -> Vec<PathBuf> {
        self.handle().objects(prefix)
    }

    /// Number of unfinished multipart uploads on the server.
    pub fn unfinished(&self) -> usize {
        let names = std::fs::read_dir(self.root.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_str().unwrap().starts_with(".upload")).count()
    }

    pub fn spoil(&self, object: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        self.handle().spoil(object, change);
    }

    /// A photo store in the bucket under `prefix`, with its own folder, through the proxy at `address`.
    pub fn photos_at(&self, address: SocketAddr, folder: &Path, prefix: &str) -> PhotoStore {
        PhotoStore::S3(S3Store::open(&place(address, prefix), &secret(), folder.join("incoming")).unwrap())
    }

    /// The address as an operator types it.
    pub fn url(&self, prefix: &str) -> String {
        format!("s3://{BUCKET}/{prefix}?endpoint=http://{}&region=test-1", self.address)
    }
}

/// The folder in which the server stores its objects.
pub struct BucketFolder(PathBuf);

impl BucketFolder {
    /// Every object whose key begins with this, as a file of the server.
    pub fn objects(&self, prefix: &str) -> Vec<PathBuf> {
        let (mut found, mut open) = (Vec::new(), vec![self.0.join(BUCKET)]);
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() { open.push(path) } else { found.push(path) }
            }
        }
        let bucket = self.0.join(BUCKET);
        found.retain(|path| path.strip_prefix(&bucket).unwrap().to_str().unwrap().starts_with(prefix));
        found
    }

    /// Changes an object on the server's disk; the server then answers with the changed one.
    pub fn spoil(&self, object: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = std::fs::read(object).unwrap();
        change(&mut bytes);
        std::fs::write(object, bytes).unwrap();
        for entry in std::fs::read_dir(&self.0).unwrap() {
            let path = entry.unwrap().path();
            // The server's metadata of each object, with its ETag.
            if path.to_str().unwrap().ends_with(".internal.json") {
                std::fs::remove_file(path).unwrap();
            }
        }
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub fn place(address: SocketAddr, prefix: &str) -> S3Address {
    let mut place = S3Address::parse(&format!("s3://{BUCKET}/{prefix}?endpoint=http://{address}")).unwrap();
    // Long enough for two slow cores, short enough to wait for in a test.
    (place.timeout, place.retries_max) = (Duration::from_secs(3), 0);
    place
}

pub fn secret() -> S3Secret {
    S3Secret { access_key_id: KEY_ID.into(), secret_access_key: SECRET.into(), session_token: None }
}

/// A request that passed the proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub path: String,
}

impl Request {
    /// Whether it is for an original, with this method.
    pub fn is_original(&self, method: &str) -> bool {
        self.method == method && self.path.contains("/originals/")
    }
}

/// What the proxy does to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Answers this error.
    Status(u16),
    /// Cuts the answer after this many bytes.
    CutAnswer(usize),
    /// Does not answer until the client gives up.
    Stall,
    /// Closes the connection before an answer.
    HangUp,
    /// Waits until [`Wire::let_go`], then passes it on.
    Held,
}

type Rule = Box<dyn Fn(&Request) -> Fault + Send>;
type Work = Box<dyn FnOnce() + Send>;
type Condition = Box<dyn Fn(&Request) -> bool + Send>;

/// A proxy to a server, with one request for each connection.
pub struct Wire {
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    server: SocketAddr,
    rule: Mutex<Rule>,
    seen: Mutex<Vec<Request>>,
    after: Mutex<Option<(Condition, Work)>>,
    let_go: (Mutex<bool>, Condvar),
}

impl Wire {
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            server,
            rule: Mutex::new(Box::new(|_| Fault::None)),
            seen: Mutex::default(),
            after: Mutex::default(),
            let_go: Default::default(),
        });
        let shared = Arc::downgrade(&state);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let Some(state) = shared.upgrade() else { return };
                // The client has closed the connection.
                std::thread::spawn(move || state.carry(client?));
            }
        });
        Wire { address, state }
    }

    /// Sets what happens to requests from now on.
    pub fn set(&self, rule: impl Fn(&Request) -> Fault + Send + 'static) {
        *self.state.rule.lock().unwrap() = Box::new(rule);
    }

    pub fn heal(&self) {
        self.set(|_| Fault::None);
    }

    /// Passes on held requests.
    pub fn let_go(&self) {
        *self.state.let_go.0.lock().unwrap() = true;
        self.state.let_go.1.notify_all();
    }

    /// Does this once, after the server answered the first such request and before the client gets the answer.
    pub fn after(&self, which: impl Fn(&Request) -> bool + Send + 'static, work: impl FnOnce() + Send + 'static) {
        *self.state.after.lock().unwrap() = Some((Box::new(which), Box::new(work)));
    }

    /// Requests since the last call.
    pub fn seen(&self) -> Vec<Request> {
        std::mem::take(&mut *self.state.seen.lock().unwrap())
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // Wakes the listening thread, which then ends.
        self.set(|_| Fault::HangUp);
        let _ = TcpStream::connect(self.address);
    }
}

impl State {
    fn carry(&self, client: TcpStream) -> std::io::Result<()> {
        let mut from = BufReader::new(client.try_clone()?);
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if from.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
            head += &line;
        }
        let mut words = head.split(' ').map(str::to_owned);
        let request = Request { method: words.next().unwrap(), path: words.next().unwrap() };
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        let fault = (self.rule.lock().unwrap())(&request);
        self.seen.lock().unwrap().push(request.clone());
        let mut client = client;
        match fault {
            Fault::HangUp => return Ok(()),
            Fault::Stall => {
                // Ends when the client closes the connection.
                let _ = from.read(&mut [0])?;
                return Ok(());
            }
            Fault::Status(status) => {
                return write!(client, "HTTP/1.1 {status} Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            }
            Fault::Held => {
                let held = self.let_go.0.lock().unwrap();
                drop(self.let_go.1.wait_while(held, |let_go| !*let_go).unwrap());
            }
            Fault::None | Fault::CutAnswer(_) => {}
        }
        let mut server = TcpStream::connect(self.server)?;
        server.write_all(format!("{head}connection: close\r\n\r\n").as_bytes())?;
        server.write_all(&body)?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        let due = self.after.lock().unwrap().take_if(|(which, _)| which(&request));
        due.into_iter().for_each(|(_, work)| work());
        if let Fault::CutAnswer(bytes) = fault {
            answer.truncate(bytes);
        }
        client.write_all(&answer)
    }
}
