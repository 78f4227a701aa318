//! Turns: for each name, only one caller works at a time; the others wait in order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::gate::Ticket;
use super::{Full, Gate, Place, TURN, Who};

/// Who works or waits, by name; clones share it. A name that nobody uses has no entry.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, Row>>>);

struct Row {
    gate: Gate,
    /// Tells the caller at work that somebody waits.
    asked: Arc<Notify>,
}

impl Default for Row {
    fn default() -> Self {
        Row { gate: Gate::new(TURN), asked: Arc::default() }
    }
}

impl Turns {
    /// Waits until nobody else works on `name`, in the order of arrival. The turn ends when it is dropped.
    ///
    /// # Errors
    /// [`Full`] when too many wait.
    pub async fn take(&self, name: &str, who: Who) -> Result<Turn, Full> {
        let (entry, ticket) = self.queue(name, who)?;
        // A caller that is cancelled here drops the place, which the wait holds, before the entry.
        let place = ticket.place().await?;
        Ok(Turn { _place: place, entry })
    }

    /// Takes a position in the queue under the lock, so that the entry is not removed at the same time.
    fn queue(&self, name: &str, who: Who) -> Result<(Entry, Ticket), Full> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = rows.entry(name.to_owned()).or_default();
        let ticket = row.gate.queue(who)?;
        row.asked.notify_waiters();
        Ok((Entry { turns: self.clone(), name: name.to_owned(), asked: row.asked.clone() }, ticket))
    }

    fn is_awaited(&self, name: &str) -> bool {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.get(name).is_some_and(|row| row.gate.inside() > 1)
    }

    /// Names that have an entry.
    #[must_use]
    pub fn names(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// Removes the entry when the last caller leaves.
struct Entry {
    turns: Turns,
    name: String,
    asked: Arc<Notify>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut rows = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rows.get(&self.name).is_some_and(|row| row.gate.inside() == 0) {
            rows.remove(&self.name);
        }
    }
}

/// One caller's turn.
pub struct Turn {
    // Before `entry`, so that the place is released before the entry is checked.
    _place: Place,
    entry: Entry,
}

impl Turn {
    /// Completes once somebody else waits for the same name.
    pub fn wanted(&self) -> impl Future<Output = ()> + use<> {
        let Entry { turns, name, asked } = &self.entry;
        let (turns, name, asked) = (turns.clone(), name.clone(), asked.clone());
        async move {
            loop {
                // Registered before the check, so that a caller who comes right after it is not missed.
                let asked = asked.notified();
                if turns.is_awaited(&name) {
                    return;
                }
                asked.await;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const WHO: Who = Who::Service;
    const SOMEBODY: Who = Who::Account(uuid::Uuid::nil());

    #[tokio::test]
    async fn one_name_has_one_at_work_and_a_bounded_queue() {
        let turns = Turns::default();
        let first = turns.take("office01", SOMEBODY).await.unwrap();
        let (order, mut finished) = tokio::sync::mpsc::unbounded_channel();
        for number in 0..TURN.waiting_max {
            let (turns, order) = (turns.clone(), order.clone());
            tokio::spawn(async move {
                let _turn = turns.take("office01", SOMEBODY).await.unwrap();
                order.send(number).unwrap();
            });
        }
        tokio::task::yield_now().await;
        assert!(finished.try_recv().is_err());
        assert_eq!(turns.take("office01", SOMEBODY).await.err(), Some(Full));
        // Another name does not wait.
        drop(turns.take("office02", SOMEBODY).await.unwrap());
        drop(first);
        for number in 0..TURN.waiting_max {
            assert_eq!(finished.recv().await, Some(number));
        }
        tokio::task::yield_now().await;
        assert_eq!(turns.names(), 0);
    }

    #[tokio::test]
    async fn who_is_at_work_is_told_that_another_waits() {
        let turns = Turns::default();
        let first = turns.take("upload", WHO).await.unwrap();
        let wanted = tokio::spawn(first.wanted());
        tokio::task::yield_now().await;
        assert!(!wanted.is_finished());
        let second = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take("upload", WHO).await.unwrap() }
        });
        wanted.await.unwrap();
        drop(first);
        let second = second.await.unwrap();
        let wanted = tokio::spawn(second.wanted());
        tokio::task::yield_now().await;
        assert!(!wanted.is_finished(), "nobody waits any more");
        wanted.abort();
    }

    #[tokio::test]
    async fn who_leaves_the_queue_leaves_nothing_behind() {
        let turns = Turns::default();
        drop(turns.take("office01", WHO));
        assert_eq!(turns.names(), 0);
        let first = turns.take("office01", WHO).await.unwrap();
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take("office01", WHO).await.map(drop) }
        });
        tokio::task::yield_now().await;
        assert!(turns.is_awaited("office01"));
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert!(!turns.is_awaited("office01"));
        drop(first);
        assert_eq!(turns.names(), 0);
        // The caller at work leaves while another waits: the entry stays until that one is done.
        let first = turns.take("office01", WHO).await.unwrap();
        let second = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take("office01", WHO).await.unwrap() }
        });
        tokio::task::yield_now().await;
        drop(first);
        let second = second.await.unwrap();
        assert_eq!(turns.names(), 1);
        drop(second);
        assert_eq!(turns.names(), 0);
    }
}
