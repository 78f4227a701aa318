//! Turns: what concerns one name is done by one caller after the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Gate, Notify, OwnedMutexGuard};

use super::{AppError, Result};

/// Callers that may wait for one name; the next is refused at once. Source: as many as may wait for a hash.
const WAITING_MAX: usize = 32;
/// What a refused caller is told to wait.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Who is at work or waits, by name; clones share it. A name that nobody waits for takes no room.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, Row>>>);

#[derive(Default)]
struct Row {
    gate: Arc<Gate<()>>,
    /// The one at work included.
    callers: usize,
    /// Tells the one at work that somebody waits.
    asked: Arc<Notify>,
}

impl Turns {
    /// Waits until nobody else is at work on `name`, in the order of asking. The turn ends when it is dropped.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait.
    pub async fn take(&self, name: &str) -> Result<Turn> {
        let (gate, mut turn) = self.queue(name)?;
        turn.held = Some(gate.lock_owned().await);
        Ok(turn)
    }

    /// Takes a place, which is given up by whoever leaves before the turn has come, too.
    fn queue(&self, name: &str) -> Result<(Arc<Gate<()>>, Turn)> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = rows.entry(name.to_owned()).or_default();
        if row.callers > WAITING_MAX {
            return Err(AppError::Busy(RETRY_AFTER));
        }
        row.callers += 1;
        row.asked.notify_waiters();
        let turn = Turn { turns: self.clone(), name: name.to_owned(), asked: row.asked.clone(), held: None };
        Ok((row.gate.clone(), turn))
    }

    fn is_awaited(&self, name: &str) -> bool {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.get(name).is_some_and(|row| row.callers > 1)
    }
}

/// One caller's turn, or its place until that has come.
pub struct Turn {
    turns: Turns,
    name: String,
    asked: Arc<Notify>,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turn {
    /// Ends once somebody else waits for the same name.
    pub fn wanted(&self) -> impl Future<Output = ()> + use<> {
        let (turns, name, asked) = (self.turns.clone(), self.name.clone(), self.asked.clone());
        async move {
            loop {
                // Before the look, so that whoever comes right after it is not missed.
                let asked = asked.notified();
                if turns.is_awaited(&name) {
                    return;
                }
                asked.await;
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.held = None;
        let mut rows = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = rows.get_mut(&self.name) {
            row.callers -= 1;
            if row.callers == 0 {
                rows.remove(&self.name);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_name_has_one_at_work_and_a_bounded_queue() {
        let turns = Turns::default();
        let first = turns.take("office01").await.unwrap();
        let (order, mut finished) = tokio::sync::mpsc::unbounded_channel();
        for number in 0..WAITING_MAX {
            let (turns, order) = (turns.clone(), order.clone());
            tokio::spawn(async move {
                let _turn = turns.take("office01").await.unwrap();
                order.send(number).unwrap();
            });
        }
        tokio::task::yield_now().await;
        assert!(finished.try_recv().is_err());
        assert!(matches!(turns.take("office01").await, Err(AppError::Busy(_))));
        // Another name waits for nobody.
        drop(turns.take("office02").await.unwrap());
        drop(first);
        for number in 0..WAITING_MAX {
            assert_eq!(finished.recv().await, Some(number));
        }
        tokio::task::yield_now().await;
        assert!(turns.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn who_is_at_work_is_told_that_another_waits() {
        let turns = Turns::default();
        let first = turns.take("upload").await.unwrap();
        let wanted = tokio::spawn(first.wanted());
        tokio::task::yield_now().await;
        assert!(!wanted.is_finished());
        let second = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take("upload").await.unwrap() }
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
    async fn who_leaves_the_queue_leaves_its_place() {
        let turns = Turns::default();
        let first = turns.take("office01").await.unwrap();
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take("office01").await.map(drop) }
        });
        tokio::task::yield_now().await;
        assert_eq!(turns.0.lock().unwrap()["office01"].callers, 2);
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(turns.0.lock().unwrap()["office01"].callers, 1);
        drop(first);
        assert!(turns.0.lock().unwrap().is_empty());
    }
}
