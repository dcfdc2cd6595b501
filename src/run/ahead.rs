//! How far the reader may be ahead of the consumer.

use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Chunks on their way, for each thread. Enough that all threads have work while one is busy with a long chunk or the
/// consumer waits for a disk.
pub(super) const CHUNKS: usize = 16;
/// Bytes of input on their way, for each thread. Only long documents come to so many with fewer chunks.
const BYTES: u64 = 8 << 20;

/// Counts what was read and not yet consumed, and makes the reader wait while that is too much.
pub(super) struct Ahead {
    most: Load,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy)]
struct Load {
    chunks: usize,
    bytes: u64,
}

struct State {
    load: Load,
    closed: bool,
}

impl Ahead {
    /// For a run on so many threads.
    pub(super) fn of(threads: NonZeroUsize) -> Self {
        Self::most(Load { chunks: CHUNKS * threads.get(), bytes: BYTES * threads.get() as u64 })
    }

    fn most(most: Load) -> Self {
        let state = State { load: Load { chunks: 0, bytes: 0 }, closed: false };
        Self { most, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Waits until a chunk of this size may go on its way; false if nobody waits for it any more. A chunk that is too
    /// large by itself goes when it is alone.
    pub(super) fn enter(&self, bytes: u64) -> bool {
        let full = |state: &mut State| {
            let load = state.load;
            let fits = load.chunks < self.most.chunks && load.bytes.saturating_add(bytes) <= self.most.bytes;
            !state.closed && !fits && load.chunks > 0
        };
        let mut state = self.changed.wait_while(self.state(), full).unwrap_or_else(PoisonError::into_inner);
        state.load.chunks += 1;
        state.load.bytes = state.load.bytes.saturating_add(bytes);
        !state.closed
    }

    /// A chunk of this size was consumed.
    pub(super) fn leave(&self, bytes: u64) {
        let mut state = self.state();
        state.load.chunks = state.load.chunks.saturating_sub(1);
        state.load.bytes = state.load.bytes.saturating_sub(bytes);
        self.changed.notify_all();
    }

    fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    /// A guard that ends all waiting when it goes.
    pub(super) fn closed_at_the_end(&self) -> Closing<'_> {
        Closing(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Counts cannot be left half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Ahead::closed_at_the_end`].
pub(super) struct Closing<'a>(&'a Ahead);

impl<'a> Closing<'a> {
    pub(super) fn get(&self) -> &'a Ahead {
        self.0
    }
}

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;

    fn small() -> Ahead {
        Ahead::most(Load { chunks: 3, bytes: 100 })
    }

    /// What a second thread enters, one after the other, while this one lets go of it.
    fn entered(ahead: &Ahead, sizes: &[u64], go: impl FnOnce(&mpsc::Receiver<u64>)) {
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            scope.spawn(move || {
                for &size in sizes {
                    if !ahead.enter(size) {
                        return;
                    }
                    sender.send(size).unwrap();
                }
            });
            go(&receiver);
        });
    }

    #[test]
    fn chunks_and_bytes_are_bounded() {
        let ahead = small();
        entered(&ahead, &[1, 1, 1, 1, 98, 500, 1], |receiver| {
            assert_eq!([(); 3].map(|()| receiver.recv().unwrap()), [1, 1, 1]);
            assert!(receiver.try_recv().is_err());
            ahead.leave(1);
            assert_eq!(receiver.recv(), Ok(1));
            ahead.leave(1);
            // 98 fits in beside two of 1, 500 only alone.
            assert_eq!(receiver.recv(), Ok(98));
            [1, 1].into_iter().for_each(|size| ahead.leave(size));
            assert!(receiver.try_recv().is_err());
            ahead.leave(98);
            assert_eq!(receiver.recv(), Ok(500));
            assert!(receiver.try_recv().is_err());
            ahead.leave(500);
            assert_eq!(receiver.recv(), Ok(1));
        });
    }

    #[test]
    fn nobody_waits_for_one_who_went() {
        let ahead = small();
        entered(&ahead, &[100, 1, 1], |receiver| {
            let guard = ahead.closed_at_the_end();
            assert_eq!(receiver.recv(), Ok(100));
            drop(guard);
            assert!(receiver.recv().is_err());
        });
    }
}
