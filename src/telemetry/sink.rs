//! The queue before standard error, and the thread that empties it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::repeats::{Repeats, Summary};
use super::{LOST, OWN_TARGET};

/// Lines that may wait. Source: our choice; about a megabyte, and more than a second of a busy service.
const QUEUE_LINES: usize = 4_096;
/// How often the thread checks whether it has something to report itself.
const TICK: Duration = Duration::from_secs(1);
/// Longest wait for the last lines at the end of the process.
const LAST_WAIT: Duration = Duration::from_secs(2);

/// Lost lines that have not been reported yet.
static UNTOLD: AtomicU64 = AtomicU64::new(0);
/// The queue of this process, once it exists.
static QUEUE: OnceLock<Sender<Message>> = OnceLock::new();

thread_local! {
    /// Collects what the log thread says itself: it must not wait in its own queue.
    static OWN: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

enum Message {
    Line(Vec<u8>),
    /// The sender is dropped once everything before it is written.
    Flush(Sender<()>),
}

/// The sending end of the queue. Writing to it never blocks and never fails.
#[derive(Clone)]
pub(super) struct Lines(Sender<Message>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let own = OWN.with(|own| match own.try_borrow_mut() {
            Ok(mut own) => own.as_mut().map(|own| own.extend_from_slice(bytes)).is_some(),
            Err(_) => false,
        });
        if !own && self.0.try_send(Message::Line(bytes.to_vec())).is_err() {
            lost(1);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lost(lines: u64) {
    LOST.fetch_add(lines, Ordering::Relaxed);
    UNTOLD.fetch_add(lines, Ordering::Relaxed);
}

/// Starts the thread that writes to `out`.
///
/// # Errors
/// No thread can be started.
pub(super) fn start(out: impl Write + Send + 'static, repeats: Arc<Repeats>) -> io::Result<Lines> {
    let (queue, messages) = crossbeam_channel::bounded(QUEUE_LINES);
    std::thread::Builder::new().name("log".into()).spawn(move || run(&messages, Outlet::new(out), &repeats))?;
    let _ = QUEUE.set(queue.clone());
    Ok(Lines(queue))
}

/// Waits briefly for the lines in the queue; answers whether they are written.
pub(super) fn flush() -> bool {
    let Some(queue) = QUEUE.get() else { return true };
    let (done, is_done) = crossbeam_channel::bounded(0);
    let begun = Instant::now();
    queue.send_timeout(Message::Flush(done), LAST_WAIT).is_ok()
        && is_done.recv_timeout(LAST_WAIT.saturating_sub(begun.elapsed())) == Err(RecvTimeoutError::Disconnected)
}

fn run<W: Write>(messages: &Receiver<Message>, mut outlet: Outlet<W>, repeats: &Repeats) {
    let mut looked = Instant::now();
    loop {
        match messages.recv_timeout(TICK) {
            Ok(Message::Line(line)) => {
                if !outlet.put(&line) {
                    lost(1);
                }
            }
            Ok(Message::Flush(done)) => drop(done),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if looked.elapsed() >= TICK {
            looked = Instant::now();
            tell_lost(&mut outlet);
            for summary in repeats.due(looked) {
                outlet.put(&own(|| tell(&summary)));
            }
        }
    }
}

/// Reports how many lines were lost, once lines are accepted again.
fn tell_lost<W: Write>(outlet: &mut Outlet<W>) {
    let lines = UNTOLD.swap(0, Ordering::Relaxed);
    if lines > 0 && !outlet.put(&own(|| tracing::error!(target: OWN_TARGET, lines, "lines of this log were lost"))) {
        UNTOLD.fetch_add(lines, Ordering::Relaxed);
    }
}

fn tell(Summary { level, about, times }: &Summary) {
    if *level == tracing::Level::ERROR {
        tracing::error!(target: OWN_TARGET, times, about, "again within a minute");
    } else {
        tracing::warn!(target: OWN_TARGET, times, about, "again within a minute");
    }
}

/// The bytes of what this thread says.
fn own(say: impl FnOnce()) -> Vec<u8> {
    OWN.with(|own| own.replace(Some(Vec::new())));
    say();
    OWN.with(|own| own.replace(None)).unwrap_or_default()
}

/// Standard error, or a replacement, which may fail in the middle of a line.
struct Outlet<W> {
    out: W,
    /// The last line was written only in part.
    is_torn: bool,
}

impl<W: Write> Outlet<W> {
    fn new(out: W) -> Self {
        Outlet { out, is_torn: false }
    }

    /// Writes a line; answers whether all of it was accepted. After half a line, the next begins on a new line.
    fn put(&mut self, line: &[u8]) -> bool {
        if self.is_torn {
            if self.write(b"\n") == 0 {
                return false;
            }
            self.is_torn = false;
        }
        let written = self.write(line);
        self.is_torn = 0 < written && written < line.len();
        written == line.len()
    }

    /// Writes as much as is accepted.
    fn write(&mut self, bytes: &[u8]) -> usize {
        let mut written = 0;
        while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
            match self.out.write(rest) {
                Ok(0) => break,
                Ok(taken) => written += taken,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        written
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Accepts this many bytes, and then no more.
    struct Small(Vec<u8>, usize);

    impl Write for Small {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let room = self.1 - self.0.len();
            if room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = room.min(bytes.len());
            self.0.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn half_a_line_does_not_spoil_the_next() {
        let mut outlet = Outlet::new(Small(Vec::new(), 8));
        assert!(outlet.put(b"first\n"));
        assert!(!outlet.put(b"second\n"));
        assert!(!outlet.put(b"third\n"));
        outlet.out.1 = 100;
        assert!(outlet.put(b"fourth\n"));
        assert_eq!(outlet.out.0, b"first\nse\nfourth\n");
    }

    #[test]
    fn a_queue_that_nobody_empties_holds_nobody_up() {
        let (queue, kept) = crossbeam_channel::bounded(2);
        let mut lines = Lines(queue);
        let before = super::super::figures().lost;
        for _ in 0..5 {
            lines.write_all(b"line\n").unwrap();
        }
        assert_eq!(kept.len(), 2);
        assert!(super::super::figures().lost >= before + 3);
    }
}
