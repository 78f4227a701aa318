//! A gate with a limited number of places, a limited queue, and a share of both for each caller.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Who;

/// The size of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Places.
    pub places: usize,
    /// Callers that may wait for one; the next is refused at once.
    pub waiting_max: usize,
    /// Places and queue positions together that one caller may have; the next is refused at once.
    pub share: usize,
}

/// The queue is full, or this caller has its share; nothing was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many are waiting")]
pub struct Full;

/// Current and total use of a gate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Places taken now.
    pub held: usize,
    /// Callers in the queue now.
    pub waiting: usize,
    /// Distinct callers inside now.
    pub callers: usize,
    /// Callers that had to wait, or were refused instead.
    pub waits: u64,
    /// Refused callers: the queue was full, or they were over their share.
    pub refusals: u64,
}

/// A bounded number of places; clones share it.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    size: Size,
    permits: Arc<Semaphore>,
    inside: Mutex<Inside>,
    waits: AtomicU64,
    refusals: AtomicU64,
}

#[derive(Debug, Default)]
struct Inside {
    waiting: usize,
    /// Places and queue positions of each caller. A caller that has none has no entry.
    of: HashMap<Who, usize>,
}

impl Gate {
    /// A gate with all its places free.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Gate(Arc::new(Inner {
            size,
            permits: Arc::new(Semaphore::new(size.places)),
            inside: Mutex::default(),
            waits: AtomicU64::new(0),
            refusals: AtomicU64::new(0),
        }))
    }

    /// Takes a place, waiting in the order of arrival if necessary.
    ///
    /// # Errors
    /// [`Full`] when too many wait or the caller has its share.
    pub async fn enter(&self, who: Who) -> Result<Place, Full> {
        self.queue(who)?.place().await
    }

    /// Takes a place or a position in the queue.
    ///
    /// # Errors
    /// [`Full`] when too many wait or the caller has its share.
    pub(super) fn queue(&self, who: Who) -> Result<Ticket, Full> {
        let inner = &self.0;
        let mut inside = inner.lock();
        let may_all = who == Who::Service;
        if !may_all && inside.of.get(&who).is_some_and(|has| *has >= inner.size.share) {
            inner.refusals.fetch_add(1, Ordering::Relaxed);
            return Err(Full);
        }
        let permit = Arc::clone(&inner.permits).try_acquire_owned().ok();
        if permit.is_none() {
            inner.waits.fetch_add(1, Ordering::Relaxed);
            if !may_all && inside.waiting >= inner.size.waiting_max {
                inner.refusals.fetch_add(1, Ordering::Relaxed);
                return Err(Full);
            }
            inside.waiting += 1;
        }
        *inside.of.entry(who).or_default() += 1;
        Ok(Ticket(Seat { gate: self.clone(), who, waits: permit.is_none(), permit }))
    }

    /// Places taken and queue positions together.
    pub(super) fn inside(&self) -> usize {
        self.0.lock().of.values().sum()
    }

    /// Current and total use.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let inner = &self.0;
        let inside = inner.lock();
        Figures {
            held: inner.size.places.saturating_sub(inner.permits.available_permits()),
            waiting: inside.waiting,
            callers: inside.of.len(),
            waits: inner.waits.load(Ordering::Relaxed),
            refusals: inner.refusals.load(Ordering::Relaxed),
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place or a queue position of one caller; released when it is dropped.
#[derive(Debug)]
struct Seat {
    gate: Gate,
    who: Who,
    waits: bool,
    permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        // Released before the counts are lowered: when the counts show that the caller has gone, its place is free.
        self.permit = None;
        let mut inside = self.gate.0.lock();
        inside.waiting -= usize::from(self.waits);
        if let Some(has) = inside.of.get_mut(&self.who) {
            *has -= 1;
            if *has == 0 {
                inside.of.remove(&self.who);
            }
        }
    }
}

/// A place, or a queue position.
pub(super) struct Ticket(Seat);

impl Ticket {
    /// Waits for the place if necessary.
    ///
    /// # Errors
    /// None in practice: a gate is never closed.
    pub(super) async fn place(self) -> Result<Place, Full> {
        let mut seat = self.0;
        if seat.waits {
            let permits = Arc::clone(&seat.gate.0.permits);
            seat.permit = Some(permits.acquire_owned().await.map_err(|_| Full)?);
            seat.gate.0.lock().waiting -= 1;
            seat.waits = false;
        }
        Ok(Place(seat))
    }
}

/// A place, held until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Place(#[allow(dead_code, reason = "held for its end")] Seat);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::admission::Who::{Account, Service};
    use uuid::Uuid;

    const A: Who = Account(Uuid::from_u128(1));
    const B: Who = Account(Uuid::from_u128(2));

    fn gate(places: usize, waiting_max: usize, share: usize) -> Gate {
        Gate::new(Size { places, waiting_max, share })
    }

    fn free(gate: &Gate) -> bool {
        let figures = gate.figures();
        (figures.held, figures.waiting, figures.callers) == (0, 0, 0)
    }

    /// A caller that waits, polled up to its first wait.
    async fn waiting(gate: &Gate, who: Who) -> tokio::task::JoinHandle<Result<Place, Full>> {
        let before = gate.figures().waiting;
        let task = tokio::spawn({
            let gate = gate.clone();
            async move { gate.enter(who).await }
        });
        while gate.figures().waiting == before && !task.is_finished() {
            tokio::task::yield_now().await;
        }
        task
    }

    #[tokio::test]
    async fn places_then_waiting_then_refusal() {
        let gate = gate(2, 1, usize::MAX);
        let first = gate.enter(A).await.unwrap();
        let second = gate.enter(A).await.unwrap();
        let third = waiting(&gate, A).await;
        assert_eq!(gate.enter(B).await.err(), Some(Full));
        let figures = gate.figures();
        assert_eq!((figures.held, figures.waiting, figures.waits, figures.refusals), (2, 1, 2, 1));
        drop(first);
        drop(third.await.unwrap().unwrap());
        drop(second);
        assert!(free(&gate));
    }

    #[tokio::test]
    async fn a_future_that_is_dropped_leaves_nothing_behind() {
        let gate = gate(1, 8, 8);
        // Before the first poll.
        drop(gate.enter(A));
        assert!(free(&gate));
        // While it waits.
        let held = gate.enter(B).await.unwrap();
        let waiting = waiting(&gate, A).await;
        assert_eq!(gate.figures().waiting, 1);
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!((gate.figures().waiting, gate.figures().callers), (0, 1));
        drop(held);
        assert!(free(&gate));
        // When its turn has come but was not taken: the place goes to the next.
        let held = gate.enter(B).await.unwrap();
        let mut first = std::pin::pin!(Some(gate.enter(A)));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(first.as_mut().as_pin_mut().unwrap().poll(&mut context).is_pending());
        let second = self::waiting(&gate, B).await;
        drop(held);
        first.set(None);
        drop(second.await.unwrap().unwrap());
        assert!(free(&gate));
        // While work goes on elsewhere: the place is held until the work ends.
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let place = gate.enter(A).await.unwrap();
        let work = tokio::spawn(async move {
            let _ = tokio::task::spawn_blocking(move || {
                let _place = place;
                let _ = begun.send(());
                let _ = wait.recv();
            })
            .await;
        });
        begins.await.unwrap();
        work.abort();
        assert!(work.await.unwrap_err().is_cancelled());
        assert_eq!(gate.figures().held, 1);
        let next = self::waiting(&gate, B).await;
        assert!(!next.is_finished());
        drop(go);
        drop(next.await.unwrap().unwrap());
        // The thread releases the place before it updates the counts.
        while !free(&gate) {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_share_leaves_room_for_another() {
        let gate = gate(8, 0, 2);
        let held = [gate.enter(A).await.unwrap(), gate.enter(A).await.unwrap()];
        assert_eq!(gate.enter(A).await.err(), Some(Full));
        let others = [gate.enter(B).await.unwrap(), gate.enter(B).await.unwrap()];
        assert_eq!(gate.enter(B).await.err(), Some(Full));
        drop(held);
        drop(gate.enter(A).await.unwrap());
        drop(others);
        assert!(free(&gate));
    }

    #[tokio::test]
    async fn the_second_person_waits_for_a_share_of_the_first_at_most() {
        let gate = gate(1, 64, 4);
        let held = gate.enter(Service).await.unwrap();
        let mut tasks = Vec::new();
        let (order, mut served) = tokio::sync::mpsc::unbounded_channel();
        for who in [A, A, A, A, B, B] {
            let (gate, order, before) = (gate.clone(), order.clone(), gate.figures().waiting);
            tasks.push(tokio::spawn({
                let gate = gate.clone();
                async move {
                    let _place = gate.enter(who).await.unwrap();
                    order.send(who).unwrap();
                }
            }));
            while gate.figures().waiting == before {
                tokio::task::yield_now().await;
            }
        }
        for _ in 0..60 {
            assert_eq!(gate.enter(A).await.err(), Some(Full));
        }
        drop(held);
        for task in tasks {
            task.await.unwrap();
        }
        let mut found = Vec::new();
        while let Ok(who) = served.try_recv() {
            found.push(who);
        }
        assert_eq!(found, [A, A, A, A, B, B]);
        assert!(free(&gate));
    }

    #[tokio::test]
    async fn the_service_may_always_wait_and_has_no_share() {
        let gate = gate(1, 0, 1);
        let held = gate.enter(Service).await.unwrap();
        let more = [waiting(&gate, Service).await, waiting(&gate, Service).await];
        assert_eq!(gate.enter(A).await.err(), Some(Full));
        drop(held);
        for task in more {
            drop(task.await.unwrap().unwrap());
        }
        assert!(free(&gate));
    }
}
